using System;
using System.Globalization;
using System.IO;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Providers.Files;
using KeyManager.Storage;
using Microsoft.Data.Sqlite;

namespace KeyManager.Providers.Storage;

/// <summary>Copies a store that is in use into one consistent file, some pages at a time.</summary>
/// <remarks>
/// With the write-ahead log the copy is what the store was at its first page: a read transaction is held from there to the last, and whoever writes is not held up by it. Without the log
/// (a network share) it would be, so the lock is given up after each step; a store that is written to in between is begun anew, a few times, and then held.
/// </remarks>
internal sealed class StoreBackup(string storePath, StoreOptions options, IReporter reporter, CancellationToken cancellationToken)
{
    /// <summary>1 MiB: some milliseconds, in which Ctrl-C is not heard.</summary>
    private const int PagesInStep = 256;

    private const int MostRestarts = 3;
    private const string Activity = "Back up store";

    /// <summary>Writes the copy.</summary>
    /// <param name="path">Full path; nothing may be there.</param>
    /// <param name="change">Changes the copy before anybody can open it; <c>null</c> for nothing.</param>
    /// <param name="isRead">Whether the copy is read through before it gets its name.</param>
    /// <exception cref="ConflictException">KmFileExists.</exception>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    public void Write(string path, CopyProtectors? change = null, bool isRead = true)
    {
        string folder = Path.GetDirectoryName(path) ?? ".";
        PrivateFile.CreateFolder(folder);
        if (File.Exists(path))
        {
            throw Exists(path);
        }

        string temporary = StoreFile.TemporaryBeside(path);
        bool isPublished = false;
        PrivateFile.CreateNew(temporary);
        try
        {
            Fill(temporary, change, isRead);
            using (FileStream stream = new(temporary, FileMode.Open, FileAccess.ReadWrite))
            {
                stream.Flush(flushToDisk: true);
            }

            cancellationToken.ThrowIfCancellationRequested();
            isPublished = PrivateFile.PublishNew(temporary, path) ? true : throw Exists(path);
        }
        catch (SqliteException e)
        {
            cancellationToken.ThrowIfCancellationRequested(); // what was interrupted says so in its own way
            throw SqliteErrors.IsFull(e) ? FileProblems.NotWritable(path, "the disk is full", e) : SqliteErrors.Translate(e, storePath);
        }
        catch (IOException e)
        {
            throw FileProblems.NotWritable(path, e);
        }
        finally
        {
            if (!isPublished)
            {
                change?.Undo();
            }

            StoreFile.DeleteQuietly(temporary);
            reporter.Progress(new ProgressReport(Activity, "", 100, Completed: true));
        }
    }

    private static ConflictException Exists(string path) => new(ConflictKind.Exists, ErrorIds.FileExists, $"The file '{path}' exists already.")
    {
        Target = path,
        Remedy = "Choose another name for the backup.",
    };

    private void Fill(string temporary, CopyProtectors? change, bool isRead)
    {
        using Database target = Database.Open(temporary, options.BusyTimeout);

        // Nobody else knows the file, and it is thrown away when anything fails: it needs no journal, and the disk is waited for once, at the end.
        target.Script("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;");
        using (Database source = Database.Open(storePath, options.BusyTimeout))
        {
            Copy(source, target);
        }

        // The copy is one file: no log beside it, until somebody opens it as a store.
        target.Script("PRAGMA journal_mode = DELETE;");
        using CancellationTokenRegistration stop = cancellationToken.Register(target.Interrupt);
        cancellationToken.ThrowIfCancellationRequested();
        change?.Apply(target);
        if (isRead)
        {
            reporter.Progress(new ProgressReport(Activity, "Reading the copy", 95));
            if (target.Text("PRAGMA quick_check(1)") is string problem and not "ok")
            {
                throw new StoreException(ErrorIds.StoreCorrupt, $"The store '{storePath}' is damaged, and so would be its backup: {problem}.")
                {
                    Target = storePath,
                    Remedy = "Run Test-KmStore; with -Repair it saves what can be read, and keeps the damaged file.",
                };
            }
        }
    }

    private void Copy(Database source, Database target)
    {
        using PageCopy copy = source.CopyTo(target);
        bool isHeld = !options.IsNetworkPath(storePath);
        if (isHeld)
        {
            Hold(source);
        }

        int restarts = 0;
        int left = int.MaxValue;
        while (copy.Step(PagesInStep))
        {
            cancellationToken.ThrowIfCancellationRequested();
            restarts += copy.Remaining >= left ? 1 : 0;
            if (!isHeld && restarts == MostRestarts)
            {
                Hold(source);
                isHeld = true;
            }

            left = copy.Remaining;
            int done = copy.Total - left;
            reporter.Progress(new ProgressReport(Activity, string.Format(CultureInfo.InvariantCulture, "{0} of {1} pages", done, copy.Total), (int)(90L * done / Math.Max(1, copy.Total))));
        }
    }

    /// <summary>Everything from here on is read as it is now.</summary>
    private static void Hold(Database source)
    {
        source.Begin(forWriting: false);
        _ = source.Number("SELECT COUNT(*) FROM store");
    }
}
