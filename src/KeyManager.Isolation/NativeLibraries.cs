using System;
using System.IO;
using System.Runtime.InteropServices;

namespace KeyManager.Isolation;

/// <summary>Finds native libraries in the runtimes/&lt;rid&gt;/native folders as packages lay them out.</summary>
internal sealed class NativeLibraries(string folder)
{
    /// <summary>The full path of a library for this process, or null when we have none.</summary>
    public string? Find(string name)
    {
        string bare = Path.GetFileNameWithoutExtension(name);
        string file = Path.Combine(folder, "runtimes", RuntimeId(), "native", FileName(bare));
        return File.Exists(file) ? file : null;
    }

    private static string FileName(string bare) =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? bare + ".dll"
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "lib" + bare + ".dylib"
        : "lib" + bare + ".so";

    // Not RuntimeInformation.RuntimeIdentifier: up to .NET 7 it names the distribution (debian.12-x64).
    private static string RuntimeId()
    {
        string system =
            RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win"
            : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx"
            : IsMusl() ? "linux-musl"
            : "linux";
        return system + "-" + RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.X86 => "x86",
            Architecture.Arm64 => "arm64",
            _ => "arm",
        };
    }

    // A glibc system may have musl's loader installed beside its own; then glibc's loader is there as well.
    private static bool IsMusl() =>
        Directory.GetFiles("/lib", "ld-musl-*").Length > 0
        && !(Exists("/lib64/ld-linux-x86-64.so.2") || Exists("/lib/ld-linux-aarch64.so.1"));

    private static bool Exists(string path) => File.Exists(path);
}
