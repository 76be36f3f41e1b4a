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

        if (left is string || left.GetType() != right.GetType() || left.GetType().IsValueType)
        {
            return (left, right) is (IReadOnlyDictionary<string, string> some, IReadOnlyDictionary<string, string> others) ? HaveSame(some, others)
                : left is not string && left is IEnumerable && right is IEnumerable && AreSameLists((IEnumerable)left, (IEnumerable)right);
        }

        return left switch
        {
            IReadOnlyDictionary<string, string> table => HaveSame(table, (IReadOnlyDictionary<string, string>)right),
            IEnumerable list => AreSameLists(list, (IEnumerable)right),
            _ => left.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
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
