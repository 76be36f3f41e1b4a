using System;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;

namespace KeyManager.PowerShell;

/// <summary>
/// Makes the assemblies in module/bin loadable: through a private load context on PowerShell 7, through the resolve event of the
/// application domain on Windows PowerShell, which has nothing better.
/// </summary>
internal static class AssemblyLoading
{
    private static readonly object Gate = new();
    private static FrameworkResolver? _framework;

    private static string ModuleFolder => Path.GetDirectoryName(typeof(AssemblyLoading).Assembly.Location)!; // loaded from a file, always

    private static string BinFolder => Path.Combine(ModuleFolder, "bin");

    /// <summary>Idempotent; also after <see cref="Remove"/>.</summary>
    public static void Install()
    {
        lock (Gate)
        {
            // Not in a module (tests): everything lies in one folder and needs no help.
            if (!Directory.Exists(BinFolder) || !File.Exists(IsolationFile))
            {
                return;
            }

            if (IsFramework)
            {
                _framework ??= new FrameworkResolver(ModuleFolder, BinFolder);
                _framework.Install();
            }
            else
            {
                Isolated("Install").Invoke(null, [BinFolder, typeof(KeyManagerException).Assembly]);
            }
        }
    }

    public static void Remove()
    {
        lock (Gate)
        {
            if (IsFramework)
            {
                _framework?.Remove();
            }
            else if (File.Exists(IsolationFile))
            {
                Isolated("Remove").Invoke(null, null);
            }
        }
    }

    // Mono is .NET Framework's double: no load contexts either.
    private static bool IsFramework =>
        RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal)
        || RuntimeInformation.FrameworkDescription.StartsWith("Mono", StringComparison.Ordinal);

    private static string IsolationFile => Path.Combine(BinFolder, "KeyManager.Isolation.dll");

    // By reflection, because the assembly uses a type that .NET Framework does not have. Loading a file twice gives the same assembly.
    private static MethodInfo Isolated(string method) =>
        Assembly.LoadFrom(IsolationFile).GetType("KeyManager.Isolation.Isolated", throwOnError: true).GetMethod(method)!; // ours, with both methods
}
