using System;
using System.IO;
using System.Linq;

namespace KeyManager.Bench;

/// <summary>Programs on the PATH.</summary>
internal static class Programs
{
    public static bool IsHere(string name) => Find(name) is not null;

    /// <summary>Full path; <c>null</c> when it is not there.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))
        .FirstOrDefault(File.Exists);
}
