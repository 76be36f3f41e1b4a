using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Storage;

/// <summary>Collects the conditions of a query and their values.</summary>
internal sealed class SearchBuilder
{
    private readonly List<string> _conditions = [];
    private readonly List<(string Name, object? Value)> _values = [];

    public IReadOnlyList<(string Name, object? Value)> Values => _values;

    /// <summary>The conditions, all of which must hold; always true when there are none.</summary>
    public string Condition => _conditions.Count == 0 ? "1" : string.Join(" AND ", _conditions.Select(c => $"({c})"));

    public void Where(string condition, params (string Name, object? Value)[] values)
    {
        _conditions.Add(condition);
        _values.AddRange(values);
    }

    /// <summary>The column equals the value, unless that is <c>null</c>: then nothing is asked. SQLite uses no index for a condition that a value switches off.</summary>
    public void WhereIs(string column, string parameter, string? value)
    {
        if (value is not null)
        {
            Where($"{column} = {parameter}", (parameter, value));
        }
    }

    public void Value(string name, object? value) => _values.Add((name, value));

    /// <summary>Values named by their number behind the parameter.</summary>
    public void Numbered(string parameter, IEnumerable<object?> values) => _values.AddRange(values.Select((value, number) => (FormattableString.Invariant($"{parameter}{number}"), value)));

    /// <summary>The column equals one of the values.</summary>
    public void WhereIn(string column, string parameter, IEnumerable<object> values)
    {
        List<string> names = [];
        foreach (object value in values)
        {
            string name = $"{parameter}{names.Count}";
            names.Add(name);
            _values.Add((name, value));
        }

        _conditions.Add($"{column} IN ({string.Join(", ", names)})");
    }
}
