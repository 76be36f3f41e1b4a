using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace KeyManager.Bench;

/// <summary>Import-KmCertificateOrder from the stand-ins for The SSL Store and emSign, which run as a process of their own.</summary>
internal static class ForeignOrdersBench
{
    private const double GrowthBar = 200;

    /// <param name="kind">Whose orders: sslstore or emsign.</param>
    /// <param name="count">How many.</param>
    public static void Run(string kind, int count)
    {
        bool isEmSign = kind == "emsign";
        (string token, string statusCall, string downloadCall) = isEmSign ? ("canary-key-91b2c7", "TrackOrder", "GetCertificate") : ("canary-token-7f3a91", "order/status", "order/download");
        Report.Begin(FormattableString.Invariant($"{kind}: import of {count} orders with their certificates"));
        string program = Path.Combine(Path.GetDirectoryName(PowerShell.Manifest)!, "..", "tests", "SslStoreServer", "bin", "Release", "net10.0", "SslStoreServer.dll");
        if (!PowerShell.IsHere || !File.Exists(program))
        {
            Report.Skip("Import-KmCertificateOrder", PowerShell.IsHere ? "dotnet build -c Release tests/SslStoreServer first" : "pwsh is not on the PATH");
            return;
        }

        using TemporaryStore store = new();
        ProcessStartInfo start = new("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(program);
        start.ArgumentList.Add(Path.GetDirectoryName(store.Path)!);
        start.ArgumentList.Add(kind);
        using Process server = Process.Start(start)!; // a file that exists
        try
        {
            string url = server.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The stand-in did not start.");
            _ = server.StandardOutput.ReadLine(); // its DNS server
            Tell(server, string.Create(CultureInfo.InvariantCulture, $"foreign* {count}"));
            ILookup<string, double> numbers = PowerShell.RunScript("foreign", PowerShell.Manifest, store.Path, url, token, kind);
            string[] calls = Tell(server, "calls").Split(' ');
            Report.AddOne("orders", numbers["orders"].Single(), "");
            Report.AddOne("Import-KmCertificateOrder", numbers["seconds"].Single(), "s");
            Report.AddOne("the same again, nothing changed", numbers["again"].Single(), "s");
            Report.AddOne("growth of memory above empty pwsh (peak)", numbers["growth"].Single(), "MiB", atMost: GrowthBar);
            Report.AddOne("status calls for an order", (double)calls.Count(c => c == statusCall) / count, "", atMost: 1);
            Report.AddOne("downloads for an order", (double)calls.Count(c => c == downloadCall) / count, "", atMost: 1);
        }
        finally
        {
            server.StandardInput.Close();
            if (!server.WaitForExit(10_000))
            {
                server.Kill();
            }
        }
    }

    private static string Tell(Process server, string command)
    {
        server.StandardInput.WriteLine(command);
        return server.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The stand-in ended.");
    }
}
