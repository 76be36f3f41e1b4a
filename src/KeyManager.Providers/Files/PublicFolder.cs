using System;
using System.IO;
using System.Runtime.InteropServices;

namespace KeyManager.Providers.Files;

/// <summary>Folders for what others have to read, such as a web server: mode 0755 whatever the umask of this process; on Windows they inherit.</summary>
internal static class PublicFolder
{
    private const int Mode = 0x1ED; // 0755

    /// <summary>Makes the folders of a path that do not exist yet; those that exist keep their rights.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void Create(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
        {
            Create(parent);
        }

        _ = Directory.CreateDirectory(path);
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows) && NativeUnix.ChangeMode(path, Mode) is not 0 and int error)
        {
            throw new IOException($"The rights of '{path}' cannot be set: {NativeUnix.Describe(error)}.");
        }
    }
}
