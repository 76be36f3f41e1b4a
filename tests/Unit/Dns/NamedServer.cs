using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using Xunit;

namespace KeyManager.Tests.Dns;

/// <summary>A real BIND name server for example.test on a random port of the loopback, as the judge of our wire code.</summary>
internal sealed class NamedServer : IDisposable
{
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "km-named-" + Guid.NewGuid().ToString("N"))).FullName;
    private readonly StringBuilder _log = new();
    private Process? _process;

    /// <summary>Skips the test on a machine without BIND.</summary>
    public NamedServer(string zone)
    {
        string? program = Find();
        Assert.SkipWhen(program is null, "BIND is not installed: Debian's package bind9 brings the program named.");
        for (int attempt = 0; ; attempt++)
        {
            EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
            if (TryStart(program!, zone))
            {
                return;
            }

            if (attempt == 3)
            {
                throw new InvalidOperationException("named does not start: " + _log);
            }
        }
    }

    public IPEndPoint EndPoint { get; }

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Find() => RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        ? null // under Wine the Linux program would be found and not be usable
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/usr/local/sbin"]).Select(folder => Path.Combine(folder, "named")).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    private bool TryStart(string program, string zone)
    {
        File.WriteAllText(Path.Combine(_folder, "example.zone"), "$TTL 60\n@ SOA ns1 hostmaster 1 3600 600 86400 60\n@ NS ns1\nns1 A 127.0.0.1\n" + zone);
        File.WriteAllText(Path.Combine(_folder, "other.zone"), "$TTL 60\n@ SOA ns1.example.test. hostmaster 1 3600 600 86400 60\n@ NS ns1.example.test.\n@ NS gone.elsewhere.test.\nproof TXT \"there\"\n");
        File.WriteAllText(Path.Combine(_folder, "named.conf"), $$"""
            options {
              directory "{{_folder}}"; pid-file none; session-keyfile none; lock-file none; recursion no; dnssec-validation no; notify no;
              listen-on port {{EndPoint.Port}} { 127.0.0.1; }; listen-on-v6 { none; };
            };
            controls { };
            zone "example.test" { type primary; file "example.zone"; };
            zone "other.test" { type primary; file "other.zone"; };
            zone "broken.test" { type primary; file "missing.zone"; };
            """);
        _process = Process.Start(new ProcessStartInfo(program, $"-g -4 -n 1 -c \"{Path.Combine(_folder, "named.conf")}\"")
        {
            RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = _folder,
        })!;
        using ManualResetEventSlim running = new();
        bool failed = false;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }

            // It goes on when it has no port to listen on; null is the end of its output.
            failed |= line.Data is null || line.Data.Contains("address in use") || line.Data.Contains("unable to listen");
            if (failed || line.Data!.EndsWith(" running", StringComparison.Ordinal))
            {
                try
                {
                    running.Set();
                }
                catch (ObjectDisposedException)
                {
                }
            }
        };
        _process.BeginErrorReadLine();
        if (running.Wait(TimeSpan.FromSeconds(30)) && !failed)
        {
            return true;
        }

        Stop();
        return false;
    }

    private void Stop()
    {
        if (_process is null)
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }
}
