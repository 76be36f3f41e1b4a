using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Bench.Acme;

/// <summary>One certificate from the same server, in turns: KeyManager and a module in one PowerShell session each, lego as the program that it is.</summary>
internal static class RivalsBench
{
    private const string Module = "Posh-ACME";
    private const string Program = "lego";
    private const int LossRuns = 40;
    private const int Warming = 3;

    public static void Run(PebbleOptions fast, int runs, string? rival)
    {
        Report.Begin($"acme: side by side, one ECDSA P-256 certificate with an http-01 file in a web root, {runs} rounds");
        if (!PowerShell.IsHere)
        {
            Report.Skip("New-KmCertificateOrder | Invoke-KmChallenge", "pwsh is not on the PATH");
            return;
        }

        if (rival is not null && !CanDrive(rival))
        {
            Report.Skip(rival, rival == Module ? "it cannot be imported here" : $"only {Module} can be driven");
            rival = null;
        }

        if (!Programs.IsHere(Program))
        {
            Report.Skip(Program, "it is not on the PATH; Debian has it in the package lego");
        }

        Dictionary<string, List<double?>> times = Measure(fast, runs, Warming, rival);
        double[] ours = [.. times["KeyManager"].OfType<double>()];
        foreach ((string name, List<double?> theirs) in times)
        {
            Report.Add(name == Program ? $"{name}, a process for each" : $"{name}, in a session", theirs.OfType<double>(), "ms");
        }

        foreach ((string name, List<double?> theirs) in times.Where(t => t.Key != "KeyManager" && t.Value.OfType<double>().Any()))
        {
            Report.AddOne($"{name}, times what KeyManager takes", Report.Median(theirs.OfType<double>()) / Report.Median(ours), "x");
        }

        times = Measure(fast with { PercentOfNoncesRefused = 15 }, LossRuns, 0, rival);
        foreach ((string name, List<double?> theirs) in times)
        {
            Report.AddOne($"{name}, failures of {LossRuns} with 15 % of the nonces refused", theirs.Count(t => t is null), "", atMost: name == "KeyManager" ? 0 : null);
        }
    }

    private static Dictionary<string, List<double?>> Measure(PebbleOptions options, int runs, int warming, string? rival)
    {
        using PebbleServer pebble = new(options);
        using TemporaryStore store = new();
        using TemporaryFolder folder = new();
        using PowerShellSession ours = new("acme", PowerShell.Manifest, store.Path, pebble.DirectoryUrl.AbsoluteUri, pebble.RootPath, Make(folder, "km-web"));
        using PowerShellSession? theirs = rival is null ? null : new("acme-rival", rival, Make(folder, "rival"), pebble.DirectoryUrl.AbsoluteUri, Make(folder, "rival-web"));
        Dictionary<string, Func<string, double?>> contenders = new() { ["KeyManager"] = ours.Do };
        if (theirs is not null && rival is not null)
        {
            contenders[rival] = theirs.Do;
        }

        if (Programs.IsHere(Program))
        {
            string path = Make(folder, "lego");
            string webRoot = Make(folder, "lego-web");
            contenders[Program] = name => Lego(pebble, path, webRoot, name);

            // Makes its account. It may need several tries where nonces are refused, and they do not count.
            for (int i = 0; i < 5 && Lego(pebble, path, webRoot, AcmeStore.NextName()) is null; i++)
            {
            }
        }

        Dictionary<string, List<double?>> times = contenders.Keys.ToDictionary(name => name, _ => new List<double?>());
        for (int run = -warming; run < runs; run++)
        {
            foreach ((string name, Func<string, double?> issue) in contenders)
            {
                double? time = issue(AcmeStore.NextName());
                if (run >= 0)
                {
                    times[name].Add(time);
                }
            }
        }

        return times;
    }

    private static string Make(TemporaryFolder folder, string name) => Directory.CreateDirectory(folder.File(name)).FullName;

    private static bool CanDrive(string rival)
    {
        try
        {
            _ = rival == Module ? PowerShell.Time($"Import-Module '{rival}' -ErrorAction Stop") : throw new InvalidOperationException();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static double? Lego(PebbleServer pebble, string path, string webRoot, string name)
    {
        ProcessStartInfo start = new(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LEGO_CA_CERTIFICATES"] = pebble.RootPath;
        foreach (string argument in new[]
        {
            "--server", pebble.DirectoryUrl.AbsoluteUri, "--accept-tos", "--email", "admin@bench.test", "--path", path, "--key-type", "ec256",
            "--http", "--http.webroot", webRoot, "--domains", name, "run",
        })
        {
            start.ArgumentList.Add(argument);
        }

        Stopwatch watch = Stopwatch.StartNew();
        using Process process = System.Diagnostics.Process.Start(start)!; // a file that exists
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        double elapsed = watch.Elapsed.TotalMilliseconds;
        return process.ExitCode == 0 ? elapsed : null;
    }
}
