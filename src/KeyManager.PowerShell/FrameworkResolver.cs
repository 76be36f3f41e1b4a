using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace KeyManager.PowerShell;

/// <summary>
/// Resolves assemblies on .NET Framework: by simple name and key token, whatever version is asked for, because the packages disagree
/// about each other's versions and powershell.exe has no binding redirects for us. It answers only our own assemblies.
/// </summary>
internal sealed class FrameworkResolver(string moduleFolder, string binFolder)
{
    private const string NativeSqlite = "e_sqlite3.dll";

    // Built at the first question, not at import: reading forty files' names takes a while.
    private Dictionary<string, AssemblyName>? _files;
    private bool _installed;

    public void Install()
    {
        if (_installed)
        {
            return;
        }

        _installed = true;
        AppDomain.CurrentDomain.AssemblyResolve += Resolve;
    }

    public void Remove()
    {
        _installed = false;
        AppDomain.CurrentDomain.AssemblyResolve -= Resolve;
    }

    private Assembly? Resolve(object sender, ResolveEventArgs args)
    {
        AssemblyName wanted = new(args.Name);
        if (!IsForUs(args.RequestingAssembly, wanted))
        {
            return null;
        }

        _files ??= ReadFolder();
        if (!_files.TryGetValue(wanted.Name, out AssemblyName? found) || !SameKey(wanted, found))
        {
            return null;
        }

        if (wanted.Name == "KeyManager.Providers")
        {
            PreloadSqlite();
        }

        return Assembly.LoadFrom(new Uri(found.CodeBase).LocalPath);
    }

    // Another module that misses its Newtonsoft.Json must not be given ours.
    private bool IsForUs(Assembly? asking, AssemblyName wanted)
    {
        if (asking is null || asking.IsDynamic)
        {
            return wanted.Name.StartsWith("KeyManager.", StringComparison.Ordinal);
        }

        return asking.Location.StartsWith(moduleFolder + Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase);
    }

    private Dictionary<string, AssemblyName> ReadFolder()
    {
        Dictionary<string, AssemblyName> files = new(StringComparer.OrdinalIgnoreCase);
        foreach (string file in Directory.GetFiles(binFolder, "*.dll"))
        {
            files[Path.GetFileNameWithoutExtension(file)] = AssemblyName.GetAssemblyName(file);
        }

        return files;
    }

    private static bool SameKey(AssemblyName wanted, AssemblyName found)
    {
        byte[] token = wanted.GetPublicKeyToken() ?? [];
        // Called by name: as an extension it would be the one of System.Memory, which nobody resolves for this assembly.
        return token.Length == 0 || Enumerable.SequenceEqual(token, found.GetPublicKeyToken() ?? []);
    }

    // SQLitePCLRaw asks for "e_sqlite3" by name. Loaded by its full path first, that name finds ours; by the architecture of the process,
    // which on Windows may differ from the machine's.
    private void PreloadSqlite()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            return;
        }

        string architecture = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X86 => "x86",
            Architecture.Arm64 => "arm64",
            _ => "x64",
        };
        string file = Path.Combine(binFolder, "runtimes", "win-" + architecture, "native", NativeSqlite);
        if (NativeMethods.LoadLibraryEx(file, IntPtr.Zero, NativeMethods.LoadWithAlteredSearchPath) == IntPtr.Zero)
        {
            throw new DllNotFoundException($"The native library '{file}' cannot be loaded.", new Win32Exception(Marshal.GetLastWin32Error()));
        }
    }

    private static class NativeMethods
    {
        /// <summary>Its own dependencies are looked for beside it, not in the folder of powershell.exe or the current one.</summary>
        public const uint LoadWithAlteredSearchPath = 0x00000008;

        [DllImport("kernel32.dll", CharSet = CharSet.Unicode, ExactSpelling = true, EntryPoint = "LoadLibraryExW", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        public static extern IntPtr LoadLibraryEx(string fileName, IntPtr reserved, uint flags);
    }
}
