using System;
using System.IO;

namespace KeyManager.Providers.Storage;

/// <summary>Tells network file systems, on which SQLite's write-ahead log does not work: it needs memory shared by all its users.</summary>
internal static class NetworkPath
{
    public static bool IsRemote(string path)
    {
        if (path.StartsWith(@"\\", StringComparison.Ordinal) && !path.StartsWith(@"\\?\", StringComparison.Ordinal) && !path.StartsWith(@"\\.\", StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            // On Unix a drive may be any path; the type comes from its file system (nfs, cifs, smb, sshfs, ...).
            string place = Path.DirectorySeparatorChar == '/' ? Path.GetDirectoryName(path) ?? "/" : Path.GetPathRoot(path) ?? path;
            return new DriveInfo(place).DriveType == DriveType.Network;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
