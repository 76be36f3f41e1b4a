using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace KeyManager.Operations;

/// <summary>Whether two records say the same, lists and tables in them included; when they were stored, and under which identifier, does not matter.</summary>
internal static class RecordComparer
{
    private static readonly HashSet<string> Bookkeeping = new(StringComparer.Ordinal) { "Id", "CreatedAt", "UpdatedAt", "IsDefault" };

    public static bool AreSame(object? left, object? right)
    {
        if (left is null || right is null || left.Equals(right))
        {
            return Equals(left, right);
        }

        return (left, right) switch
        {
            (string, _) or (_, string) => false,
            (IReadOnlyDictionary<string, string> some, IReadOnlyDictionary<string, string> others) => HaveSame(some, others),
            (IEnumerable some, IEnumerable others) => AreSameLists(some, others),
            _ => left.GetType() == right.GetType() && !left.GetType().IsValueType && left.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.GetIndexParameters().Length == 0 && !Bookkeeping.Contains(p.Name))
                .All(p => AreSame(p.GetValue(left), p.GetValue(right))),
        };
    }

    private static bool HaveSame(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out string? value) && value == pair.Value);

    private static bool AreSameLists(IEnumerable left, IEnumerable right)
    {
        List<object?> some = [.. left.Cast<object?>()];
        List<object?> others = [.. right.Cast<object?>()];
        return some.Count == others.Count && some.Zip(others, AreSame).All(same => same);
    }
}
