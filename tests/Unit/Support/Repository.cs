using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace KeyManager.Tests.Support;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The C# files under a folder, generated ones left out.</summary>
    public static IEnumerable<string> Sources(params string[] folder)
    {
        string start = File(folder);
        return !Directory.Exists(start)
            ? []
            : Directory.EnumerateFiles(start, "*.cs", SearchOption.AllDirectories)
                .Where(f => !f[start.Length..].Split(Path.DirectorySeparatorChar).Any(p => p is "obj" or "bin"));
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "KeyManager.PowerShell.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests run outside of their repository.");
    }
}
