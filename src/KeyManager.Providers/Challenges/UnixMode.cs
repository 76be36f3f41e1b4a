using System;
using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;

namespace KeyManager.Providers.Challenges;

/// <summary>Sets the mode of files and folders that another user has to read, whatever the umask of this process; does nothing on Windows, where they inherit.</summary>
internal static class UnixMode
{
    /// <summary>rw-r--r--</summary>
    public const uint File = 0x1A4;

    /// <summary>rwxr-xr-x</summary>
    public const uint Folder = 0x1ED;

    /// <exception cref="IOException">The system refused.</exception>
    public static void Set(string path, uint mode)
    {
        // netstandard2.0 has no File.SetUnixFileMode.
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows) && ChangeMode(path, mode) != 0)
        {
            int error = Marshal.GetLastWin32Error();
            throw new IOException($"The mode of {path} cannot be set to {Convert.ToString(mode, 8)} (error {error}).", new Win32Exception(error));
        }
    }

    [DllImport("libc", EntryPoint = "chmod", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int ChangeMode(string path, uint mode);
}
