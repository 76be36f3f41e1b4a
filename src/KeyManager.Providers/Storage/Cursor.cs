using System;
using System.Collections.Generic;
using Newtonsoft.Json;

namespace KeyManager.Providers.Storage;

/// <summary>The place where a page ended, as opaque text: the sort key of its last row. The next page starts behind it, whatever was added or removed meanwhile.</summary>
internal static class Cursor
{
    public static string Encode(params string[] key) => JsonConvert.SerializeObject(key);

    public static string[] Decode(string after, int parts)
    {
        string[]? key;
        try
        {
            key = JsonConvert.DeserializeObject<string[]>(after);
        }
        catch (JsonException)
        {
            key = null;
        }

        return key?.Length == parts ? key : throw new ArgumentException("The text is not the end of an earlier page.", nameof(after));
    }

    /// <summary>Cuts the one row too many that was read to learn whether there is more.</summary>
    public static KeyManager.Storage.Page<T> ToPage<T>(IReadOnlyList<T> rows, int limit, Func<T, string> encode)
    {
        if (rows.Count <= limit)
        {
            return new KeyManager.Storage.Page<T>(rows, null);
        }

        List<T> items = new(limit);
        for (int i = 0; i < limit; i++)
        {
            items.Add(rows[i]);
        }

        return new KeyManager.Storage.Page<T>(items, encode(items[limit - 1]));
    }
}
