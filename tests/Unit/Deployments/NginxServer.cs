using System;
using System.IO;
using KeyManager.Tests.Support;

namespace KeyManager.Tests.Deployments;

/// <summary>A real nginx with one site, whose certificate lies at <see cref="FullChain"/> and <see cref="Key"/>.</summary>
internal sealed class NginxServer : IDisposable
{
    private readonly Daemon _daemon;

    /// <param name="folder">For everything it has.</param>
    /// <param name="write">Writes the first certificate.</param>
    public NginxServer(string folder, Action<NginxServer> write)
    {
        Program = Daemon.Find("nginx", "nginx-light");
        Folder = folder;
        Port = Daemon.FreePort();
        Directory.CreateDirectory(Folder);
        write(this);
        File.WriteAllText(Configuration, $$"""
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            worker_processes 1;
            daemon off;
            pid "{{Path("nginx.pid")}}";
            error_log "{{Path("error.log")}}";
            events { worker_connections 256; }
            http {
              access_log off;
              client_body_temp_path "{{Path("body")}}"; proxy_temp_path "{{Path("proxy")}}"; fastcgi_temp_path "{{Path("fastcgi")}}";
              uwsgi_temp_path "{{Path("uwsgi")}}"; scgi_temp_path "{{Path("scgi")}}";
              server {
                listen 127.0.0.1:{{Port}} ssl;
                server_name www.contoso.com;
                ssl_certificate "{{FullChain}}";
                ssl_certificate_key "{{Key}}";
                location / { return 200 "here"; }
              }
            }
            """);
        _daemon = new Daemon(Program, Port, "-c", Configuration, "-e", Path("error.log"), "-p", Folder);
    }

    public string Program { get; }

    public string Folder { get; }

    public int Port { get; }

    public string FullChain => Path("site.crt");

    public string Key => Path("site.key");

    public string Configuration => Path("nginx.conf");

    public string Endpoint => "127.0.0.1:" + Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public string Test => $"'{Program}' -t -q -c '{Configuration}' -e '{Path("error.log")}' -p '{Folder}'";

    public string Reload => $"'{Program}' -s reload -c '{Configuration}' -e '{Path("error.log")}' -p '{Folder}'";

    public void Dispose() => _daemon.Dispose();

    private string Path(string name) => System.IO.Path.Combine(Folder, name);
}
