using System;
using Microsoft.Data.Sqlite;

namespace KeyManager.Providers.Storage;

/// <summary>Turns what SQLite reports into our errors.</summary>
internal static class SqliteErrors
{
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Constraint = 19;
    private const int NotADatabase = 26;

    /// <summary>True when the connection is still good after it.</summary>
    public static bool IsHarmless(SqliteException e) => e.SqliteErrorCode is Busy or Locked or Constraint;

    /// <summary>True when a disk is full.</summary>
    public static bool IsFull(SqliteException e) => e.SqliteErrorCode == Full;

    /// <summary>True when pages of the file cannot be read as what they should be.</summary>
    public static bool IsDamage(SqliteException e) => e.SqliteErrorCode is Corrupt or NotADatabase or InputOutput;

    /// <summary>The error to throw for it.</summary>
    public static Exception Translate(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        Busy or Locked => BusyError(path, e),
        Corrupt => CorruptError(path, "is damaged", e),
        NotADatabase => CorruptError(path, "is not a KeyManager store", e),
        Full => new StoreException(ErrorIds.StoreFull, $"The disk that holds the store '{path}' is full; nothing was changed.", e)
        {
            Target = path,
            Remedy = "Make room on the disk, then run the command again.",
            IsTransient = true,
        },
        Permission or ReadOnly or CannotOpen => NotWritableError(path, "it or its folder cannot be written", e),
        InputOutput => NotWritableError(path, $"the disk or network share reports an error ({e.SqliteExtendedErrorCode})", e),
        _ => new InvalidOperationException($"The store '{path}' refused a statement: {e.Message}", e),
    };

    public static StoreException BusyError(string path, Exception? inner = null) =>
        new(ErrorIds.StoreBusy, $"Another process is writing to the store '{path}' and did not finish in time.", inner)
        {
            Target = path,
            Remedy = "Run the command again. If this stays, look for another KeyManager command or scheduled task that hangs.",
            IsTransient = true,
        };

    public static StoreException CorruptError(string path, string what, Exception? inner = null) =>
        new(ErrorIds.StoreCorrupt, $"The file '{path}' {what}.", inner)
        {
            Target = path,
            Remedy = "Run Test-KmStore to see what can be saved, put a backup in its place with Restore-KmStore, or choose another store.",
        };

    public static StoreException NotWritableError(string path, string reason, Exception? inner = null) =>
        new(ErrorIds.StoreNotWritable, $"The store '{path}' cannot be written: {reason}.", inner)
        {
            Target = path,
            Remedy = "Give this user the right to write to the file and its folder, or choose another store with -StorePath or KM_STORE.",
        };
}
