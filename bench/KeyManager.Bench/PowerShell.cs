using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace KeyManager.Bench;

/// <summary>PowerShell 7 and the module as the build lays it out.</summary>
internal static class PowerShell
{
    private static readonly string? Executable = Programs.Find("pwsh");

    public static bool IsHere => Executable is not null;

    public static string? Version => IsHere ? Capture(["-NoProfile", "-Command", "$PSVersionTable.PSVersion.ToString()"]).FirstOrDefault() : null;

    public static string Manifest { get; } = FindManifest();

    /// <summary>Runs one of the scripts beside this program; answers the numbers that it wrote, one a line after a name.</summary>
    public static ILookup<string, double> RunScript(string name, params string[] arguments) => Read(
        Capture(["-NoProfile", "-NonInteractive", "-File", Path.Combine(AppContext.BaseDirectory, "Scripts", name + ".ps1"), .. arguments]));

    /// <summary>Runs a command in a new process; answers how long the process took and what processor time it used, in milliseconds.</summary>
    public static (double Elapsed, double Processor) Time(string command)
    {
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<string> lines = Capture(
            ["-NoProfile", "-NonInteractive", "-Command", command + "; 'cpu ' + [Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)"]);
        return (watch.Elapsed.TotalMilliseconds, Read(lines)["cpu"].Single());
    }

    /// <summary>Starts one of the scripts beside this program, to talk with it.</summary>
    public static Process Start(string name, params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(["-NoProfile", "-NonInteractive", "-File", Path.Combine(AppContext.BaseDirectory, "Scripts", name + ".ps1"), .. arguments]);
        start.RedirectStandardInput = true;
        return Process.Start(start)!; // a file that exists
    }

    private static ILookup<string, double> Read(IEnumerable<string> lines) => lines.Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2)
        .ToLookup(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));

    private static List<string> Capture(IEnumerable<string> arguments)
    {
        using Process process = Process.Start(StartInfo(arguments))!; // a file that exists
        List<string> lines = [];
        while (process.StandardOutput.ReadLine() is string line)
        {
            lines.Add(line);
        }

        process.WaitForExit();
        return process.ExitCode == 0 ? lines : throw new InvalidOperationException($"PowerShell ended with {process.ExitCode}: {string.Join(' ', lines)}");
    }

    private static ProcessStartInfo StartInfo(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Executable ?? throw new InvalidOperationException("pwsh is not on the PATH.")) { RedirectStandardOutput = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static string FindManifest()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "module", "KeyManager.psd1")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? "", "module", "KeyManager.psd1");
    }
}
