using System;
using System.IO;
using KeyManager.Providers.Files;
using Microsoft.Data.Sqlite;

namespace KeyManager.Providers.Storage;

/// <summary>Copies a store that is in use into one consistent, compact file.</summary>
internal static class StoreBackup
{
    /// <exception cref="ConflictException">KmFileExists.</exception>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    public static void Write(string storePath, string path, StoreOptions options)
    {
        string folder = Path.GetDirectoryName(path) ?? ".";
        PrivateFile.CreateFolder(folder);
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Identifier.New()}.new");
        PrivateFile.CreateNew(temporary);
        try
        {
            using (Database source = Database.Open(storePath, options.BusyTimeout))
            {
                // VACUUM INTO reads from one moment, leaves out free pages, and writes into a file that is there if it is empty.
                source.Copy(temporary);
            }

            using (FileStream stream = new(temporary, FileMode.Open, FileAccess.ReadWrite))
            {
                stream.Flush(flushToDisk: true);
            }

            if (!PrivateFile.PublishNew(temporary, path))
            {
                throw new ConflictException(ConflictKind.Exists, ErrorIds.FileExists, $"The file '{path}' exists already.")
                {
                    Target = path,
                    Remedy = "Choose another name for the backup.",
                };
            }
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, storePath);
        }
        finally
        {
            PrivateFile.DeleteQuietly(temporary);
        }
    }
}
