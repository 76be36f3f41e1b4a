using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>A server program of the system in the foreground, on a port of the loopback. A missing one skips the test.</summary>
internal sealed class Daemon : IDisposable
{
    private readonly StringBuilder _log = new();
    private readonly Process _process;

    public Daemon(string program, int port, params string[] arguments)
        : this(program, port, new Dictionary<string, string>(), arguments)
    {
    }

    public Daemon(string program, int port, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (KeyValuePair<string, string> variable in environment)
        {
            start.Environment[variable.Key] = variable.Value;
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        Stopwatch watch = Stopwatch.StartNew();
        while (!Answers(port))
        {
            if (_process.HasExited || watch.Elapsed > TimeSpan.FromSeconds(20))
            {
                throw new InvalidOperationException($"{program} does not start: {_log}");
            }

            Thread.Sleep(20);
        }
    }

    public int Id => _process.Id;

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public static string Find(string program, string package)
    {
        string? path = RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? null // under Wine the Linux program would be found and not be usable
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/usr/local/sbin"]).Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not installed; Debian has it in the package {package}.");
        return path!;
    }

    public static int FreePort()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            // With what it has started: nginx would leave its workers.
#if NET
            _process.Kill(entireProcessTree: true);
#else
            Peers.Run("pkill", "procps", "/", ["-KILL", "-P", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            _process.Kill();
#endif
            _process.WaitForExit(5000);
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }

    private static bool Answers(int port)
    {
        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
