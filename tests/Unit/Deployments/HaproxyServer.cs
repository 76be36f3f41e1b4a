using System.IO;
using KeyManager.Providers.Keys;
using KeyManager.Tests.Support;

namespace KeyManager.Tests.Deployments;

/// <summary>A real HAProxy as Debian runs it: a master that reloads on SIGUSR2, and all certificates of one folder.</summary>
internal sealed class HaproxyServer : LiveService
{
    private readonly string _program = Daemon.Find("haproxy", "haproxy");
    private readonly Daemon _daemon;

    /// <param name="folder">For everything it has.</param>
    /// <param name="isStrict">True to let in only who has a certificate, and nobody by anything newer than TLS 1.2, where such a handshake ends in the middle.</param>
    public HaproxyServer(string folder, bool isStrict)
        : base("HAProxy", folder)
    {
        File.WriteAllBytes(At("clients.pem"), new CertificateTools().ToPem([TestPki.Entry("clients").Certificates[0]]));
        File.WriteAllText(Configuration, $"""
            global
              {(IsRoot ? "user haproxy" : "")}
              {(IsRoot ? "group haproxy" : "")}
              stats socket {At("admin.sock")} mode 600 level admin
              ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
            defaults
              mode http
              timeout connect 5s
              timeout client 10s
              timeout server 10s
            frontend site
              bind 127.0.0.1:{Port} ssl crt {At("tls")}/{(isStrict ? $" verify required ca-file {At("clients.pem")} ssl-max-ver TLSv1.2" : "")}
              http-request return status 200 content-type text/plain string here

            """);
        _daemon = new Daemon(_program, Port, "-W", "-f", Configuration, "-p", At("pid"));
        string reload = Adapt(ServiceManager.ExecReload("haproxy"), "/bin/kill", "kill"); // the shell's own will do
        ServiceManager manager = new(folder, "haproxy", $"kill -0 $(cat '{At("pid")}')", "false", $"CONFIG='{Configuration}' EXTRAOPTS= MAINPID=$(cat '{At("pid")}')\n{reload}");
        Reload = manager.Adapt(Recipe.ReloadCommand);
    }

    public override string Test => Adapt(Adapt(Recipe.TestCommand, "haproxy -c", $"'{_program}' -c"), "/etc/haproxy/haproxy.cfg", $"'{Configuration}'");

    public override string Reload { get; }

    public override (string Name, string Value)[] Unfit => [("CombinedPath", "None"), ("FullChainPath", FullChain)];

    // Its test reads the certificates too.
    public override string UnfitErrorId => "KmConfigurationTestFailed";

    public override string Log => _daemon?.Log ?? "";

    private string Configuration => At("haproxy.cfg");

    // Workers end with their master.
    public override void Dispose() => _daemon?.Dispose();
}
