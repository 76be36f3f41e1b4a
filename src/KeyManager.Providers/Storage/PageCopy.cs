using System;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace KeyManager.Providers.Storage;

/// <summary>SQLite's online backup: one database over another, some pages at a time.</summary>
internal sealed class PageCopy(sqlite3_backup? backup, sqlite3 target) : IDisposable
{
    private readonly sqlite3_backup _backup = backup is { IsInvalid: false } ? backup : throw Failure(raw.sqlite3_errcode(target), target);

    /// <summary>Pages still to be copied, as of the last step.</summary>
    public int Remaining => raw.sqlite3_backup_remaining(_backup);

    /// <summary>Pages of the source, as of the last step.</summary>
    public int Total => raw.sqlite3_backup_pagecount(_backup);

    /// <summary>Copies some pages; <c>false</c> when that were the last. When somebody else changes the source between two steps, it begins anew.</summary>
    public bool Step(int pages)
    {
        int answer = raw.sqlite3_backup_step(_backup, pages);
        return answer switch
        {
            raw.SQLITE_OK => true,
            raw.SQLITE_DONE => false,
            _ => throw Failure(answer, target),
        };
    }

    public void Dispose() => _backup.Dispose();

    private static SqliteException Failure(int code, sqlite3 target) => new(raw.sqlite3_errmsg(target).utf8_to_string(), code & 0xFF, code);
}
