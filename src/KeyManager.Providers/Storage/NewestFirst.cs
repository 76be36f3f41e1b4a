using System;
using System.Globalization;

namespace KeyManager.Providers.Storage;

/// <summary>The order of everything that is listed newest first: by creation, then by identifier.</summary>
internal static class NewestFirst
{
    public static string Encode(DateTimeOffset createdAt, string id) =>
        Cursor.Encode(StoredTime.ToNumber(createdAt).ToString(CultureInfo.InvariantCulture), id);

    /// <summary>Continues behind the last row of the page before.</summary>
    public static void AddCursor(SearchBuilder search, string table, string? after) => AddCursor(search, (table + ".created_at", table + ".id"), after);

    /// <summary>The same where the columns that make the order have other names.</summary>
    public static void AddCursor(SearchBuilder search, (string Time, string Id) columns, string? after)
    {
        if (after is null)
        {
            return;
        }

        string[] key = Cursor.Decode(after, 2);
        search.Where(
            $"({columns.Time}, {columns.Id}) < (@after_time, @after_id)",
            ("@after_time", long.Parse(key[0], CultureInfo.InvariantCulture)),
            ("@after_id", key[1]));
    }
}
