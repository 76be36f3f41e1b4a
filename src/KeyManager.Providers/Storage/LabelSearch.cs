using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Storage;

/// <summary>
/// Conditions on labels, and from which of them a search starts. A label may be on one row or on all of a million; SQLite does not know which, so it is counted here, and no
/// further than it matters: from few rows a search starts, among many the next one is never far.
/// </summary>
internal sealed class LabelSearch
{
    /// <summary>So many rows are sorted in the time that a user does not notice.</summary>
    public const int Few = 20_000;

    /// <summary>A pattern is looked up among so many labels; beyond that each row is looked at.</summary>
    private const int MostKeys = 2000;

    private readonly LabelPlace _place;
    private readonly List<Condition> _conditions = [];

    public LabelSearch(Database database, LabelPlace place, LabelFilter filter)
    {
        _place = place;
        foreach ((LabelKind kind, IReadOnlyList<string> patterns) in new[] { (LabelKind.Tag, filter.Tags), (LabelKind.Owner, filter.Owners), (LabelKind.Group, filter.Groups) })
        {
            if (patterns.Count > 0)
            {
                _conditions.Add(Look(database, kind, patterns));
            }
        }
    }

    /// <summary>True when no row can fit.</summary>
    public bool FindsNothing => _conditions.Any(c => c is { Count: 0 });

    /// <summary>The condition to start from; <c>null</c> when every one leaves many rows.</summary>
    private Condition? Best => _conditions.Where(c => c.Count >= 0).OrderBy(c => c.Count).FirstOrDefault();

    /// <summary>The distinct labels that begin so, at most <paramref name="most"/>; each costs one step in an index, however many rows have it.</summary>
    public static IEnumerable<string> Keys(Database database, LabelPlace place, LabelKind kind, string prefix, int most)
    {
        string column = LabelPlace.Column(kind);
        string? key = database.Text($"SELECT MIN({column}) FROM {place.Indexed(kind)} WHERE {column} >= @key", ("@key", prefix));
        for (int found = 0; key is not null && found < most && key.StartsWith(prefix, System.StringComparison.Ordinal); found++)
        {
            yield return key;
            key = database.Text($"SELECT MIN({column}) FROM {place.Indexed(kind)} WHERE {column} > @key", ("@key", key));
        }
    }

    /// <summary>
    /// Adds the conditions, and answers where the rows come from: <c>null</c> when the search should go its own way.
    /// </summary>
    /// <param name="search">Gets the conditions.</param>
    /// <param name="isListed">True when the rows are wanted in the order of the list: by name, orders by age.</param>
    /// <param name="mayStart">False when another condition is narrower in any case.</param>
    /// <param name="needsRow">True when other conditions or columns are about the labelled row; without, its table is not read where a tag alone leads.</param>
    public LabelStart? AddTo(SearchBuilder search, bool isListed, bool mayStart, bool needsRow)
    {
        Condition? start = mayStart ? Best : null;
        if (start is not null && !(start.Count < Few || (isListed && start.Keys.Count == 1)))
        {
            start = null;
        }

        LabelStart? from = null;
        foreach (Condition condition in _conditions)
        {
            string at = "@" + condition.Kind.ToString().ToLowerInvariant();
            search.Numbered(at, condition.Keys.Where(k => k is not null));
            if (condition != start)
            {
                // The leading + keeps SQLite from starting here.
                search.Where(condition.Kind == LabelKind.Tag
                    ? $"EXISTS (SELECT 1 FROM {_place.TagTable} x WHERE x.{_place.TagRow} = {_place.Row}.id AND ({condition.Text("+x.tag_key", at)}))"
                    : condition.Text($"+{_place.Row}.{LabelPlace.Column(condition.Kind)}", at));
            }
            else if (condition.Kind != LabelKind.Tag)
            {
                search.Where(condition.Text($"{_place.Row}.{LabelPlace.Column(condition.Kind)}", at));
                from = new LabelStart($"{_place.Table} {_place.Row} INDEXED BY {_place.Index(condition.Kind)}", $"{_place.Row}.id", $"{_place.Row}.{_place.ListOrder}", IsOrdered: false);
            }
            else
            {
                from = FromTags(condition, at, isListed && condition.Keys.Count == 1, needsRow || _conditions.Count > 1);
            }
        }

        return from;
    }

    private LabelStart FromTags(Condition condition, string at, bool isOrdered, bool needsRow)
    {
        // A row has a tag once, so that one tag alone names it once.
        string distinct = condition.Keys.Count == 1 ? "" : "DISTINCT ";
        string tags = $"(SELECT {distinct}{_place.TagRow} AS id, {_place.ListOrder} FROM {_place.TagTable} WHERE {condition.Text("tag_key", at)}) t";
        return new LabelStart(needsRow ? $"{tags} CROSS JOIN {_place.Table} {_place.Row} ON {_place.Row}.id = t.id" : tags, "t.id", $"t.{_place.ListOrder}", isOrdered);
    }

    private Condition Look(Database database, LabelKind kind, IReadOnlyList<string> patterns)
    {
        List<string?> keys = [];
        List<NamePattern> open = [];
        foreach (string pattern in patterns)
        {
            NamePattern parsed = NamePattern.Parse(pattern);
            if (pattern.Length == 0)
            {
                keys.Add(null);
            }
            else if (!parsed.HasWildcard)
            {
                keys.Add(parsed.Key);
            }
            else
            {
                List<string> known = [.. Keys(database, _place, kind, parsed.Prefix, MostKeys)];
                if (known.Count == MostKeys)
                {
                    open.Add(parsed);
                }
                else
                {
                    LabelFilter one = new() { Owners = [parsed.Key] };
                    keys.AddRange(known.Where(key => one.Fits(new Labels { Owner = key })));
                }
            }
        }

        keys = [.. keys.Distinct()];
        bool isMixed = keys.Count > 1 && keys.Contains(null);
        return new Condition(kind, keys, open, open.Count > 0 || isMixed ? -1 : Count(database, kind, keys));
    }

    private int Count(Database database, LabelKind kind, IEnumerable<string?> keys)
    {
        string column = LabelPlace.Column(kind);
        int count = 0;
        foreach (string? key in keys)
        {
            if (count >= Few)
            {
                break;
            }

            string which = key is null ? $"{column} IS NULL" : $"{column} = @key";
            count += (int)database.Number(
                $"SELECT COUNT(*) FROM (SELECT 1 FROM {_place.Indexed(kind)} WHERE {which} LIMIT @most)", [.. key is null ? [] : new (string, object?)[] { ("@key", key) }, ("@most", Few - count)]);
        }

        return count;
    }

    /// <param name="Kind">Of labels.</param>
    /// <param name="Keys">The labels that fit; <c>null</c> among them for none.</param>
    /// <param name="Open">Patterns that too many labels may fit.</param>
    /// <param name="Count">Rows with them, up to <see cref="Few"/>; -1 when no search can start here.</param>
    private sealed record Condition(LabelKind Kind, IReadOnlyList<string?> Keys, IReadOnlyList<NamePattern> Open, int Count)
    {
        public string Text(string column, string parameter)
        {
            int known = Keys.Count(k => k is not null);
            List<string> any = [.. Open.Select(p => $"{column} LIKE '{p.Like.Replace("'", "''")}' ESCAPE '\\'")];
            if (known > 0)
            {
                any.Add(known == 1 ? $"{column} = {parameter}0" : $"{column} IN ({string.Join(", ", Enumerable.Range(0, known).Select(i => System.FormattableString.Invariant($"{parameter}{i}")))})");
            }

            if (Keys.Contains(null))
            {
                any.Add($"{column} IS NULL");
            }

            return any.Count == 0 ? "0" : string.Join(" OR ", any);
        }
    }
}
