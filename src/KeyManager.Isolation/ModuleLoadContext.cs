using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;

namespace KeyManager.Isolation;

/// <summary>
/// Holds KeyManager.Providers and what it needs, so that our Newtonsoft.Json or BouncyCastle lies beside PowerShell's own or another
/// module's and neither disturbs the other.
/// </summary>
/// <param name="folder">module/bin.</param>
/// <param name="core">KeyManager.Core as PowerShell loaded it: its types cross the border, so there must be only one.</param>
internal sealed class ModuleLoadContext(string folder, Assembly core) : AssemblyLoadContext
{
    private readonly string _coreName = core.GetName().Name;
    private readonly NativeLibraries _natives = new(folder);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == _coreName)
        {
            return core;
        }

        // Part of the framework since .NET Core, but packages for netstandard2.0 bring their own old copies along for .NET Framework.
        if (IsFrameworks(assemblyName.Name) && TryLoadDefault(assemblyName) is { } framework)
        {
            return framework;
        }

        string file = Path.Combine(folder, assemblyName.Name + ".dll");
        return string.IsNullOrEmpty(assemblyName.CultureName) && File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }

    /// <inheritdoc/>
    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        string? file = _natives.Find(unmanagedDllName);
        return file is null ? IntPtr.Zero : LoadUnmanagedDllFromPath(file);
    }

    private static bool IsFrameworks(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal);

    private static Assembly? TryLoadDefault(AssemblyName name)
    {
        try
        {
            return Default.LoadFromAssemblyName(name);
        }
        catch (Exception error) when (error is FileNotFoundException or FileLoadException)
        {
            return null;
        }
    }
}
