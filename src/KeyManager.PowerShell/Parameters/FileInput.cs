using System;
using System.IO;

namespace KeyManager.PowerShell;

/// <summary>Reads the files that a user names, with errors that name them.</summary>
internal static class FileInput
{
    /// <summary>No key, request or keystore is larger; a wrong file must not fill the memory.</summary>
    private const long Largest = 32L * 1024 * 1024;

    /// <exception cref="NotFoundException">KmFileNotFound.</exception>
    /// <exception cref="KeyMaterialException">KmFileEmpty, KmFileNotReadable.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (Directory.Exists(path))
            {
                throw new KeyMaterialException(ErrorIds.FileNotReadable, $"'{path}' is a folder.") { Target = path, Remedy = "Name a file." };
            }

            if (!file.Exists)
            {
                throw new NotFoundException(ErrorIds.FileNotFound, $"There is no file '{path}'.") { Target = path, Remedy = "Check the path." };
            }

            if (file.Length > Largest)
            {
                throw new KeyMaterialException(ErrorIds.FileNotReadable, $"'{path}' is too large to be a key, request or keystore (over 32 MiB).") { Target = path, Remedy = "Check the path." };
            }

            byte[] bytes = File.ReadAllBytes(path);
            return bytes.Length > 0 ? bytes : throw new KeyMaterialException(ErrorIds.FileEmpty, $"'{path}' is empty (0 bytes).")
            {
                Target = path,
                Remedy = "Look whether it was copied whole.",
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeyMaterialException(ErrorIds.FileNotReadable, $"'{path}' cannot be read: {e.Message}", e) { Target = path, Remedy = "Check that this user may read it." };
        }
    }
}
