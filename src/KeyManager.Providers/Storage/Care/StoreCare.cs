using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Providers.Files;
using KeyManager.Providers.Secrets;
using KeyManager.Storage;
using Microsoft.Data.Sqlite;

namespace KeyManager.Providers.Storage.Care;

/// <summary>Examines a store, also one that no longer opens, and mends what can be mended.</summary>
/// <param name="location">The store.</param>
/// <param name="clock">The time.</param>
/// <param name="reporter">Hears how far it has come.</param>
/// <param name="options">How stores are opened; <c>null</c> for the defaults.</param>
public sealed class StoreCare(StoreLocation location, Clock clock, IReporter reporter, StoreOptions? options = null)
{
    private const int MostProblems = 100;
    private const string Activity = "Examine store";
    private const string BackupFirst = "Put a backup in its place: Restore-KmStore.";
    private const string RepairFirst = "Run Test-KmStore -Repair.";

    private readonly StoreOptions _options = options ?? new StoreOptions();
    private bool _needsRecovery;

    /// <summary>Looks at everything and changes nothing.</summary>
    /// <param name="open">The same store, opened: its data key is used. <c>null</c> when it is not open.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <exception cref="StoreException">KmStoreBusy, KmStoreNotWritable: it could not be looked at.</exception>
    public IReadOnlyList<StoreCheck> Examine(IStore? open, CancellationToken cancellationToken)
    {
        using DataKey? key = (open as SqliteStore)?.TryCopyKey();
        return Examine(key, cancellationToken);
    }

    /// <summary>Mends what the examination before has found, and examines again. What is recovered from a damaged file takes its place; the file is kept beside it.</summary>
    /// <param name="found">What <see cref="Examine(IStore?, CancellationToken)"/> of this instance answered.</param>
    /// <param name="open">The same store, opened; <c>null</c> when it is not.</param>
    /// <param name="closeStore">Closes the store in this process; called before a file takes its place.</param>
    /// <param name="cancellationToken">Stops, as long as nothing was put in place.</param>
    /// <exception cref="StoreException">KmStoreBusy: another process has the store open, and its file would have to be replaced. KmStoreCorrupt: too little can be read of it.</exception>
    public IReadOnlyList<StoreCheck> Repair(IReadOnlyList<StoreCheck> found, IStore? open, Action closeStore, CancellationToken cancellationToken)
    {
        _ = found ?? throw new ArgumentNullException(nameof(found));
        _ = closeStore ?? throw new ArgumentNullException(nameof(closeStore));
        using DataKey? key = (open as SqliteStore)?.TryCopyKey();
        List<StoreCheck> checks = [];
        if (_needsRecovery)
        {
            checks.Add(Recover(closeStore, cancellationToken));
        }

        try
        {
            Mend(key, checks);
        }
        catch (SqliteException e) when (checks.Count == 0 && (SqliteErrors.IsDamage(e) || SqliteErrors.IsHarmless(e)))
        {
            // An index that cannot be built again, because rows of its table are damaged or there twice.
            checks.Add(Recover(closeStore, cancellationToken));
            Mend(key, checks);
        }

        Dictionary<string, StoreCheck> before = found.ToDictionary(c => c.Name, StringComparer.Ordinal);
        foreach (StoreCheck check in Examine(key, cancellationToken))
        {
            bool isMended = check.Outcome == StoreCheckOutcome.Passed && before.TryGetValue(check.Name, out StoreCheck? was) && was.Outcome != StoreCheckOutcome.Passed;
            checks.Add(isMended
                ? check with { Outcome = StoreCheckOutcome.Repaired, Message = $"Mended: {before[check.Name].Message}", Problems = before[check.Name].Problems }
                : check);
        }

        return checks;
    }

    /// <summary>In this order they are mended too: what a check needs comes before it.</summary>
    private static IReadOnlyList<StoreCheckup> Checkups() =>
    [
        new RightsCheckup(), new SchemaCheckup(), new IntegrityCheckup(), new ReferenceCheckup(), new AuditCheckup(), new ProtectorCheckup(), new SecretCheckup(),
        new CertificateCheckup(), new InventoryCheckup(), new RecordCheckup(), new SpaceCheckup(),
    ];

    private IReadOnlyList<StoreCheck> Examine(DataKey? key, CancellationToken cancellationToken)
    {
        _needsRecovery = false;
        List<StoreCheck> checks = [];
        try
        {
            StoreCheck file = CheckFile();
            checks.Add(file);
            if (file is { Outcome: StoreCheckOutcome.Failed, CanRepair: false })
            {
                return checks;
            }

            using Database database = Database.Open(location.Path, _options.BusyTimeout);
            using CancellationTokenRegistration stop = cancellationToken.Register(database.Interrupt);
            database.Begin(forWriting: false);
            if (database.Number("PRAGMA application_id") != Migrator.ApplicationId)
            {
                return [Failed("File", $"'{location.Path}' is a database, but not a KeyManager store.", BackupFirst)];
            }

            StoreCheck version = CheckVersion(database);
            checks.Add(version);
            if (version.Outcome == StoreCheckOutcome.Failed)
            {
                return checks;
            }

            using DataKey? found = key is null ? FindKey(database) : key.Copy();
            CheckContext context = new(database, location, clock, _options, found, StoreId(database));
            IReadOnlyList<StoreCheckup> checkups = Checkups();
            foreach (StoreCheckup checkup in checkups)
            {
                cancellationToken.ThrowIfCancellationRequested();
                reporter.Progress(new ProgressReport(Activity, checkup.Name, 100 * checks.Count / (checkups.Count + 2)));
                checks.Add(Describe(checkup, context, cancellationToken));
            }
        }
        catch (SqliteException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!SqliteErrors.IsDamage(e))
            {
                throw SqliteErrors.Translate(e, location.Path);
            }

            checks.Add(Damaged($"The file cannot be read as a database: {e.Message}"));
        }
        finally
        {
            reporter.Progress(new ProgressReport(Activity, "", 100, Completed: true));
        }

        return checks;
    }

    private StoreCheck Describe(StoreCheckup checkup, CheckContext context, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        try
        {
            foreach (Finding finding in checkup.Look(context))
            {
                cancellationToken.ThrowIfCancellationRequested();
                findings.Add(finding);
            }
        }
        catch (SqliteException e) when (SqliteErrors.IsDamage(e))
        {
            findings.Add(new Finding($"It could not be read to its end: {e.Message}", NeedsRecovery: true));
        }
        catch (SqliteException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }

        _needsRecovery |= findings.Exists(f => f.NeedsRecovery);
        if (findings.Count == 0)
        {
            return new StoreCheck { Name = checkup.Name, Outcome = StoreCheckOutcome.Passed, Message = checkup.Good };
        }

        // What is lost comes before what one should know.
        findings = [.. findings.OrderBy(f => f.IsWarning)];
        bool isFailure = !findings[0].IsWarning;
        bool canRepair = findings.Exists(f => f.Fix is not null || f.NeedsRecovery);
        string others = findings.Count > 1 ? string.Format(CultureInfo.InvariantCulture, " And {0:N0} more: see Problems.", findings.Count - 1) : "";
        return new StoreCheck
        {
            Name = checkup.Name,
            Outcome = isFailure ? StoreCheckOutcome.Failed : StoreCheckOutcome.Warning,
            Message = findings[0].Text + others,
            Problems = [.. findings.Take(MostProblems).Select(f => f.Text)],
            CanRepair = canRepair,
            Remedy = canRepair ? (isFailure && findings.Exists(f => f.Fix is null && !f.NeedsRecovery) ? $"{RepairFirst} What it cannot mend: {checkup.Remedy}" : RepairFirst) : isFailure ? checkup.Remedy : null,
            ErrorId = isFailure ? checkup.ErrorId : null,
        };
    }

    private StoreCheck CheckFile()
    {
        string path = location.Path;
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new StoreException(ErrorIds.StoreNotFound, $"There is no store '{path}'.") { Target = path, Remedy = "Name another with -StorePath or KM_STORE." };
        }

        StoreHeader? header = null;
        if (!Directory.Exists(path))
        {
            try
            {
                header = StoreHeader.Read(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw SqliteErrors.NotWritableError(path, e is UnauthorizedAccessException ? "access is denied" : e.Message.TrimEnd('.'), e);
            }
        }

        if (header is null)
        {
            return Failed("File", $"'{path}' is no database.", BackupFirst);
        }

        if (header.IsCut)
        {
            _needsRecovery = true;
            return Failed("File", $"The end of '{path}' is missing: {header.Rest}.", $"Put a backup in its place (Restore-KmStore), or have what is left saved: {RepairFirst}") with { CanRepair = true };
        }

        return new StoreCheck { Name = "File", Outcome = StoreCheckOutcome.Passed, Message = $"'{path}' is a KeyManager store of {header.Length:N0} bytes." };
    }

    /// <summary>A newer one is not looked at further: what is right in it is not known here.</summary>
    private StoreCheck CheckVersion(Database database)
    {
        int newest = _options.Migrations[_options.Migrations.Count - 1].Number;
        int version = (int)database.Number("PRAGMA user_version");
        return version > newest
            ? Failed("Version", $"It was written by a newer KeyManager (schema {version}; this one knows {newest}).", "Update the KeyManager module.") with { ErrorId = ErrorIds.StoreVersionTooNew }
            : version < newest
                ? Failed("Version", $"It has schema {version} and was not brought up to {newest}.", "Open it with any other command first, such as Get-KmStore.")
                : new StoreCheck { Name = "Version", Outcome = StoreCheckOutcome.Passed, Message = $"Schema {version}, the newest." };
    }

    private static StoreCheck Failed(string name, string message, string remedy) =>
        new() { Name = name, Outcome = StoreCheckOutcome.Failed, Message = message, Remedy = remedy, Problems = [message], ErrorId = ErrorIds.StoreCorrupt };

    private StoreCheck Damaged(string message)
    {
        _needsRecovery = true;
        return Failed("Database", message, $"{RepairFirst} Or restore a backup with Restore-KmStore.") with { CanRepair = true };
    }

    private static string StoreId(Database database) => database.Text("SELECT store_id FROM store") ?? "";

    private DataKey? FindKey(Database database)
    {
        try
        {
            return new ProtectorRing(new ProtectorSite(StoreId(database), location), _options).Open(new ProtectorTable(database).List(), passphrase: null);
        }
        catch (StoreException)
        {
            // Said by the check of the protectors.
            return null;
        }
    }

    /// <summary>Everything that can be mended in place, in one transaction.</summary>
    private void Mend(DataKey? key, List<StoreCheck> recovered)
    {
        using Database database = Database.Open(location.Path, _options.BusyTimeout);
        database.Begin(forWriting: true);
        CheckContext context = new(database, location, clock, _options, key, StoreId(database));
        List<string> mended = [.. recovered.Select(r => r.Message)];
        foreach (StoreCheckup checkup in Checkups())
        {
            List<Finding> fixable = [.. checkup.Look(context).Where(f => f.Fix is not null)];
            fixable.ForEach(f => f.Fix!()); // chosen by it
            if (fixable.Count > 0)
            {
                mended.Add($"{checkup.Name}: {fixable.Count}");
            }
        }

        if (mended.Count > 0)
        {
            _ = new AuditTable(database, clock, context.StoreId).Append(new AuditEntry("Store", "StoreRepaired", context.StoreId, "", string.Join("; ", mended)));
        }

        database.Commit();
    }

    private StoreCheck Recover(Action closeStore, CancellationToken cancellationToken)
    {
        closeStore();
        StoreFile.RequireAlone(location.Path);
        string made = StoreFile.TemporaryBeside(location.Path);
        try
        {
            StoreRecovery recovery = new(location, clock, _options, reporter, cancellationToken);
            IReadOnlyList<RecoveredTable> tables = recovery.Run(made);
            string kept = StoreFile.MoveAside(location.Path, "damaged", clock);
            File.Move(made, location.Path);
            PrivateFile.SyncFolderOf(location.Path);
            List<RecoveredTable> lost = [.. tables.Where(t => t.Lost != 0)];
            long rows = tables.Sum(t => t.Rows);
            return lost.Count == 0
                ? new StoreCheck
                {
                    Name = "Recovery",
                    Outcome = StoreCheckOutcome.Repaired,
                    Message = string.Format(CultureInfo.InvariantCulture, "All {0:N0} rows were read out of the damaged file, which is kept as '{1}'.", rows, kept),
                }
                : new StoreCheck
                {
                    Name = "Recovery",
                    Outcome = StoreCheckOutcome.Failed,
                    Message = string.Format(CultureInfo.InvariantCulture, "{0:N0} rows were read out of the damaged file, which is kept as '{1}'. Not read: {2}.", rows, kept, string.Join(", ", lost)),
                    Problems = [.. lost.Select(t => t.ToString())],
                    Remedy = "What is lost may be in a backup: compare with it (Get-KmCertificate -StorePath), or restore it with Restore-KmStore.",
                    ErrorId = ErrorIds.StoreCorrupt,
                };
        }
        finally
        {
            StoreFile.DeleteQuietly(made);
        }
    }
}
