using KeyManager.Tests.Support;

namespace KeyManager.Tests.Deployments;

/// <summary>A real Postfix with the files of the recipe.</summary>
internal sealed class PostfixService : LiveService
{
    private readonly PostfixServer _server;

    public PostfixService(string folder)
        : base("Postfix", folder)
    {
        _server = new PostfixServer(folder, FullChain, Key);
        Port = _server.Port;
    }

    public override string Test => Adapt(Recipe.TestCommand, "postfix ", $"postfix -c '{_server.Configuration}' ");

    public override string Reload => Adapt(Recipe.ReloadCommand, "postfix ", $"postfix -c '{_server.Configuration}' ");

    public override string Log => _server.Log;

    public override void Dispose() => _server.Dispose();
}
