using System;
using System.Reflection;
using System.Runtime.Loader;

namespace KeyManager.Isolation;

/// <summary>Switches the private load context on and off. Called by reflection, from the module's initializer on PowerShell 7.</summary>
public static class Isolated
{
    // The only name that the default context is answered. Whatever else it may ask for is none of our business.
    private const string Entrance = "KeyManager.Providers";

    private static readonly object Gate = new();
    private static ModuleLoadContext? _context;
    private static bool _installed;

    /// <summary>Answers for KeyManager.Providers from now on. The context is made once per process and survives Import-Module -Force.</summary>
    /// <param name="folder">module/bin.</param>
    /// <param name="core">KeyManager.Core as PowerShell loaded it.</param>
    public static void Install(string folder, Assembly core)
    {
        lock (Gate)
        {
            _context ??= new ModuleLoadContext(folder, core);
            if (!_installed)
            {
                AssemblyLoadContext.Default.Resolving += Resolve;
                _installed = true;
            }
        }
    }

    /// <summary>Answers no more. What is loaded stays loaded.</summary>
    public static void Remove()
    {
        lock (Gate)
        {
            AssemblyLoadContext.Default.Resolving -= Resolve;
            _installed = false;
        }
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        string.Equals(name.Name, Entrance, StringComparison.Ordinal) ? _context?.LoadFromAssemblyName(name) : null;
}
