using KeyManager.Tests.Support;

namespace KeyManager.Tests.Deployments;

/// <summary>A real Dovecot with the files of the recipe.</summary>
internal sealed class DovecotService : LiveService
{
    private readonly DovecotServer _server;

    public DovecotService(string folder)
        : base("Dovecot", folder)
    {
        _server = new DovecotServer(folder, FullChain, Key);
        Port = _server.Imaps;
    }

    public override string Test => Adapt(Recipe.TestCommand, "doveconf ", $"doveconf -c '{_server.Configuration}' ");

    public override string Reload => Adapt(Recipe.ReloadCommand, "doveadm ", $"doveadm -c '{_server.Configuration}' ");

    public override string Log => _server.Log;

    /// <summary>Has the configuration name another private key.</summary>
    public void Configure(string key) => _server.Configure(FullChain, key);

    public override void Dispose() => _server.Dispose();
}
