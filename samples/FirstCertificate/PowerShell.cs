using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace FirstCertificate;

/// <summary>Runs FirstCertificate.ps1 in PowerShell 7, where that is installed.</summary>
internal static class PowerShell
{
    private static string? Executable { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh"))
        .FirstOrDefault(File.Exists);

    private static string? Manifest { get; } = FindManifest();

    /// <summary>Why the script cannot run here; <c>null</c> when it can.</summary>
    public static string? WhyNot() => Executable is null ? "pwsh is not on the PATH" : Manifest is null ? "the module is not built" : null;

    public static async Task<int> RunAsync(string folder, string siteAddress)
    {
        ProcessStartInfo start = new(Executable!) { UseShellExecute = false }; // WhyNot was asked
        string[] arguments = ["-NoProfile", "-NonInteractive"];
        if (OperatingSystem.IsWindows())
        {
            arguments = [.. arguments, "-ExecutionPolicy", "Bypass"];
        }

        foreach (string argument in arguments.Concat(
            ["-File", Path.Combine(AppContext.BaseDirectory, "FirstCertificate.ps1"), "-Folder", folder, "-SiteAddress", siteAddress, "-Manifest", Manifest!]))
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start) ?? throw new IOException($"{Executable} did not start.");
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode;
    }

    // The sample lies somewhere below the repository; the build lays the module out at its top.
    private static string? FindManifest()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string manifest = Path.Combine(folder.FullName, "module", "KeyManager.psd1");
            if (File.Exists(manifest) && File.Exists(Path.Combine(folder.FullName, "module", "KeyManager.PowerShell.dll")))
            {
                return manifest;
            }
        }

        return null;
    }
}
