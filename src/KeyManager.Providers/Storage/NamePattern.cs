using System;
using System.Text;

namespace KeyManager.Providers.Storage;

/// <summary>A name asked for: plain, or with the wildcards of PowerShell. Letter case does not matter.</summary>
/// <remarks>
/// "*.contoso.com" is a pattern and a name; read as a pattern it finds the name too, so nothing needs to be decided. A set such as [ab] and an
/// escape find more than they should: LIKE cannot say them, and whoever asks looks again.
/// </remarks>
internal sealed class NamePattern
{
    private NamePattern(string key, bool hasWildcard, string like, string prefix)
    {
        Key = key;
        HasWildcard = hasWildcard;
        Like = like;
        Prefix = prefix;
    }

    /// <summary>The plain name, ready to compare.</summary>
    public string Key { get; }

    public bool HasWildcard { get; }

    /// <summary>For LIKE ... ESCAPE '\'.</summary>
    public string Like { get; }

    /// <summary>What every match starts with; lets an index narrow the search.</summary>
    public string Prefix { get; }

    /// <summary>The form of a name in which two that differ in letter case only are equal, in any script.</summary>
    public static string ToKey(string name) => name.ToLowerInvariant();

    public static NamePattern Parse(string text)
    {
        string key = ToKey(text);
        int first = key.IndexOfAny(['*', '?', '[', '`']);
        StringBuilder like = new();
        for (int i = 0; i < key.Length; i++)
        {
            char c = key[i];
            int end = c == '[' ? key.IndexOf(']', i) : -1;
            if (end > 0)
            {
                i = end;
                c = '*';
            }

            _ = c switch
            {
                '*' or '`' => like.Append('%'),
                '?' => like.Append('_'),
                '%' or '_' or '\\' => like.Append('\\').Append(c),
                _ => like.Append(c),
            };
        }

        return new NamePattern(key, first >= 0, like.ToString(), first >= 0 ? key.Substring(0, first) : key);
    }

    /// <summary>Adds the condition on <paramref name="column"/>.</summary>
    public void AddTo(SearchBuilder search, string column)
    {
        if (!HasWildcard)
        {
            search.Where($"{column} = @name", ("@name", Key));
            return;
        }

        search.Where($"{column} LIKE @like ESCAPE '\\'", ("@like", Like));
        if (Prefix.Length > 0)
        {
            // U+10FFFF sorts behind every character a name can hold.
            search.Where($"{column} >= @from AND {column} < @to", ("@from", Prefix), ("@to", Prefix + "\U0010FFFF"));
        }
    }
}
