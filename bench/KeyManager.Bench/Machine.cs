using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace KeyManager.Bench;

/// <summary>What the numbers were measured on; a number without it says little.</summary>
internal static class Machine
{
    public static void Print()
    {
        Console.WriteLine($"machine   {Environment.ProcessorCount} x {Processor()}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20} MiB");
        Console.WriteLine($"system    {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, PowerShell {PowerShell.Version ?? "not on the PATH"}");
        Console.WriteLine($"when      {DateTimeOffset.UtcNow.ToString("u", CultureInfo.InvariantCulture)}, {Load()}");
#if DEBUG
        Console.WriteLine("          This is a Debug build: use dotnet run -c Release for numbers that count.");
#endif
    }

    private static string Processor()
    {
        const string File = "/proc/cpuinfo";
        string? line = System.IO.File.Exists(File) ? System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    // A machine that does other things at the same time measures those too.
    private static string Load() => File.Exists("/proc/loadavg")
        ? $"load {string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3))} before the start"
        : "load not known";
}
