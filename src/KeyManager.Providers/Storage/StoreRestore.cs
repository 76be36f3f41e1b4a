using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using KeyManager.Providers.Files;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>Puts a backup in the place of a store; the store that was there is kept beside it.</summary>
public static class StoreRestore
{
    /// <summary>Restores.</summary>
    /// <param name="backupPath">The backup.</param>
    /// <param name="location">The store to replace.</param>
    /// <param name="clock">The time.</param>
    /// <param name="closeStore">Closes the store in this process; called once the backup has proved good and before anything is moved, so that a bad backup costs nothing.</param>
    /// <returns>Where the store that was there is kept; <c>null</c> when there was none.</returns>
    /// <exception cref="StoreException">The backup is no store, damaged, or too new; nothing was changed then.</exception>
    /// <exception cref="NotFoundException">KmFileNotFound.</exception>
    public static string? Run(string backupPath, StoreLocation location, Clock clock, Action closeStore)
    {
        if (!File.Exists(backupPath))
        {
            throw new NotFoundException(ErrorIds.FileNotFound, $"There is no backup '{backupPath}'.") { Target = backupPath, Remedy = "Check the path." };
        }

        // The copy is checked, not the backup: opening a database may write beside it, and a backup may lie where nobody can write.
        string folder = Path.GetDirectoryName(location.Path) ?? "/";
        string copy = Path.Combine(folder, $".{Path.GetFileName(location.Path)}.{Identifier.New()}.new");
        PrivateFile.CreateFolder(folder);
        PrivateFile.CreateNew(copy);
        try
        {
            File.WriteAllBytes(copy, File.ReadAllBytes(backupPath));
            using (SqliteStore store = SqliteStore.Open(location with { Path = copy }, clock, createIfMissing: false))
            {
                IReadOnlyList<string> problems = store.CheckIntegrity();
                if (problems.Count > 0)
                {
                    throw new StoreException(ErrorIds.StoreCorrupt, $"The backup '{backupPath}' is damaged: {problems[0]}") { Target = backupPath, Remedy = "Use an older backup." };
                }
            }

            closeStore();
            string? kept = null;
            if (File.Exists(location.Path))
            {
                kept = FreeName(string.Format(CultureInfo.InvariantCulture, "{0}.before-restore-{1:yyyyMMdd-HHmmss}", location.Path, clock.UtcNow));
                foreach (string suffix in (string[])["", "-wal", "-shm"])
                {
                    if (File.Exists(location.Path + suffix))
                    {
                        File.Move(location.Path + suffix, kept + suffix);
                    }
                }
            }

            File.Move(copy, location.Path);
            return kept;
        }
        catch (StoreException e) when (Equals(e.Target, copy))
        {
            // The user knows the backup, not the copy that was looked at.
            throw new StoreException(e.ErrorId, e.Message.Replace(copy, backupPath), e)
            {
                Target = backupPath,
                Remedy = e.ErrorId == ErrorIds.StoreCorrupt ? "Nothing was changed. Use another backup." : e.Remedy,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(ErrorIds.StoreNotWritable, $"The backup '{backupPath}' cannot be put in the place of '{location.Path}': {e.Message}", e)
            {
                Target = location.Path,
                Remedy = "End the other processes that use the store, and check the rights of its folder.",
            };
        }
        finally
        {
            foreach (string suffix in (string[])["", "-journal", "-wal", "-shm"])
            {
                PrivateFile.DeleteQuietly(copy + suffix);
            }
        }
    }

    // Two restores within a second must not fight for one name.
    private static string FreeName(string name)
    {
        string free = name;
        for (int number = 2; File.Exists(free); number++)
        {
            free = string.Format(CultureInfo.InvariantCulture, "{0}-{1}", name, number);
        }

        return free;
    }
}
