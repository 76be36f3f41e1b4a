using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Providers.Files;
using KeyManager.Storage;
using Microsoft.Data.Sqlite;

namespace KeyManager.Providers.Storage;

/// <summary>Puts a backup in the place of a store; the store that was there is kept beside it.</summary>
/// <param name="backupPath">The backup.</param>
/// <param name="location">The store to replace.</param>
/// <param name="clock">The time.</param>
/// <param name="reporter">Hears how far it has come.</param>
/// <param name="options">How stores are opened; <c>null</c> for the defaults.</param>
public sealed class StoreRestore(string backupPath, StoreLocation location, Clock clock, IReporter reporter, StoreOptions? options = null)
{
    private const int Chunk = 1 << 20;
    private const string Activity = "Restore store";

    private readonly StoreOptions _options = options ?? new StoreOptions();

    /// <summary>Reads the whole backup and says what is wrong with it. Changes nothing, and writes nothing anywhere.</summary>
    /// <exception cref="StoreException">The backup is no store, cut off, damaged, or too new.</exception>
    /// <exception cref="NotFoundException">KmFileNotFound.</exception>
    public void Check(CancellationToken cancellationToken)
    {
        CheckHeader();
        try
        {
            using Database backup = Database.OpenUnchanging(backupPath);
            using CancellationTokenRegistration stop = cancellationToken.Register(backup.Interrupt);
            _ = new Migrator(location with { Path = backupPath }, clock, _options).Check(backup);
            ThrowFirst(Integrity.FindProblems(backup, clock));
        }
        catch (SqliteException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw SqliteErrors.Translate(e, backupPath);
        }
    }

    /// <summary>Restores.</summary>
    /// <param name="closeStore">Closes the store in this process; called once the backup has proved good and before anything is moved, so that a bad backup costs nothing.</param>
    /// <param name="cancellationToken">Stops, as long as nothing was moved.</param>
    /// <returns>Where the store that was there is kept; <c>null</c> when there was none.</returns>
    /// <exception cref="StoreException">The backup is no store, cut off, damaged, or too new; KmStoreBusy: another process has the store open. Nothing was changed then.</exception>
    /// <exception cref="NotFoundException">KmFileNotFound.</exception>
    public string? Run(Action closeStore, CancellationToken cancellationToken)
    {
        _ = closeStore ?? throw new ArgumentNullException(nameof(closeStore));
        CheckHeader();

        // The copy is checked, not the backup: opening a database may write beside it, and a backup may lie where nobody can write.
        string folder = Path.GetDirectoryName(location.Path) ?? "/";
        string copy = StoreFile.TemporaryBeside(location.Path);
        PrivateFile.CreateFolder(folder);
        try
        {
            CopyWhole(backupPath, copy, cancellationToken);
            if (File.Exists(backupPath + "-wal"))
            {
                // Not made by Backup-KmStore but copied from a store in use: what was written last is in the log.
                CopyWhole(backupPath + "-wal", copy + "-wal", cancellationToken);
            }

            CheckCopy(copy, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            closeStore();
            StoreFile.RequireAlone(location.Path);
            return Swap(copy);
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
            StoreFile.DeleteQuietly(copy);

            // A backup of an older module was migrated, and a copy made before.
            foreach (string file in Directory.GetFiles(folder, Path.GetFileName(copy) + ".v*.backup"))
            {
                PrivateFile.DeleteQuietly(file);
            }

            reporter.Progress(new ProgressReport(Activity, "", 100, Completed: true));
        }
    }

    private void CheckHeader()
    {
        if (!File.Exists(backupPath))
        {
            throw new NotFoundException(ErrorIds.FileNotFound, $"There is no backup '{backupPath}'.") { Target = backupPath, Remedy = "Check the path." };
        }

        StoreHeader? header;
        try
        {
            header = StoreHeader.Read(backupPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(ErrorIds.FileNotReadable, $"The backup '{backupPath}' cannot be read: {e.Message.TrimEnd('.')}.", e) { Target = backupPath, Remedy = "Check its rights." };
        }

        if (header is null)
        {
            throw Bad(new FileInfo(backupPath).Length == 0 ? "is empty (0 bytes)" : "is not a database, so it is no backup of a KeyManager store");
        }

        if (header.ApplicationId == Migrator.PartsApplicationId)
        {
            throw Bad("holds exported parts and is no backup of a store", "Use Import-KmStore.");
        }

        if (header.IsCut)
        {
            throw Bad($"is cut off: {header.Rest}", "Nothing was changed. Copy it again from where it came, or use another backup.");
        }
    }

    private void CheckCopy(string copy, CancellationToken cancellationToken)
    {
        reporter.Progress(new ProgressReport(Activity, "Reading the backup through", 60));
        using SqliteStore store = SqliteStore.Open(location with { Path = copy }, clock, createIfMissing: false, _options);
        ThrowFirst(store.ReadDatabase(database =>
        {
            using CancellationTokenRegistration stop = cancellationToken.Register(database.Interrupt);
            try
            {
                return Integrity.FindProblems(database, clock);
            }
            catch (SqliteException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        }));
    }

    private void ThrowFirst(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw Bad($"is damaged ({problems.Count} problems): {problems[0].TrimEnd('.')}");
        }
    }

    private StoreException Bad(string what, string remedy = "Nothing was changed. Use another backup.") =>
        new(ErrorIds.StoreCorrupt, $"The file '{backupPath}' {what}.") { Target = backupPath, Remedy = remedy };

    private string? Swap(string copy)
    {
        string? kept = null;
        if (File.Exists(location.Path))
        {
            kept = StoreFile.MoveAside(location.Path, "before-restore", clock);
        }

        File.Move(copy, location.Path);
        PrivateFile.SyncFolderOf(location.Path);
        return kept;
    }

    private void CopyWhole(string from, string to, CancellationToken cancellationToken)
    {
        PrivateFile.CreateNew(to);
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using FileStream target = new(to, FileMode.Open, FileAccess.Write, FileShare.None);
        byte[] buffer = new byte[Chunk];
        int read;
        while ((read = source.Read(buffer, 0, buffer.Length)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            target.Write(buffer, 0, read);
            reporter.Progress(new ProgressReport(Activity, "Copying", (int)(60 * source.Position / Math.Max(1, source.Length))));
        }

        target.Flush(flushToDisk: true);
    }
}
