using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Providers.Files;

namespace KeyManager.Providers.Moving.PoshAcme;

/// <summary>Finds the files of plug-ins: in the folder that a user may have for his own, else in the module where it is installed.</summary>
internal sealed class PoshAcmePlugins(HostEnvironment environment)
{
    /// <summary>Full path of the plug-in's file, of the newest version that has it; <c>null</c> when it is nowhere.</summary>
    public string? Find(string plugin)
    {
        if (plugin.Length == 0 || plugin.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0)
        {
            return null;
        }

        IEnumerable<string> folders = [.. environment.Variable("POSHACME_PLUGINS") is string own ? [own] : Array.Empty<string>(), .. ModuleFolders().SelectMany(Versions).Select(f => Path.Combine(f, "Plugins"))];
        return folders.Where(ForeignPath.IsPath).Select(f => Path.Combine(f, plugin + ".ps1")).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Versions(string module)
    {
        try
        {
            return Directory.Exists(module)
                ? [.. Directory.GetDirectories(module).OrderByDescending(f => Version.TryParse(Path.GetFileName(f), out Version? version) ? version : new Version(0, 0)), module]
                : [];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }

    private IEnumerable<string> ModuleFolders()
    {
        IEnumerable<string> folders = environment.IsWindows
            ? new[] { "PowerShell", "WindowsPowerShell" }.Select(p => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), p, "Modules"))
            : [Path.Combine(environment.Home, ".local", "share", "powershell", "Modules"), "/usr/local/share/powershell/Modules"];
        return (environment.Variable("PSModulePath") ?? "").Split([Path.PathSeparator], StringSplitOptions.RemoveEmptyEntries)
            .Where(ForeignPath.IsPath)
            .Concat(folders)
            .Select(f => Path.Combine(f, "Posh-ACME"))
            .Distinct();
    }
}
