using System;
using Microsoft.Data.Sqlite;

namespace KeyManager.Providers.Storage;

/// <summary>The columns of the row that a query stands on, by position.</summary>
internal sealed class Row(SqliteDataReader reader)
{
    public string Text(int column) => reader.GetString(column);

    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public long Number(int column) => reader.GetInt64(column);

    public bool Flag(int column) => reader.GetInt64(column) != 0;

    public DateTimeOffset Time(int column) => StoredTime.FromNumber(reader.GetInt64(column));

    public DateTimeOffset? TimeOrNull(int column) => reader.IsDBNull(column) ? null : Time(column);

    public byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);

    /// <summary>The first columns as they are stored.</summary>
    public object[] Values(int count)
    {
        object[] values = new object[count];
        for (int column = 0; column < count; column++)
        {
            values[column] = reader.GetValue(column);
        }

        return values;
    }

    /// <summary>A member by its name; <paramref name="unknown"/> for one that a newer KeyManager has written.</summary>
    public T Member<T>(int column, T unknown)
        where T : struct, Enum => Enum.TryParse(reader.GetString(column), out T value) ? value : unknown;

    public RevocationReason? ReasonOrNull(int column) => reader.IsDBNull(column) ? null : (RevocationReason)reader.GetInt64(column);
}
