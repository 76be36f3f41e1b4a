using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Operations;

/// <summary>Words for the audit trail what a change has changed.</summary>
internal static class AuditDetail
{
    /// <summary>One thing before and after; <c>null</c> when it is the same.</summary>
    public static string? Of(string what, object? before, object? after) => Equals(before, after) ? null : $"{what}: {before ?? "(none)"} -> {after ?? "(none)"}";

    /// <summary>Those that there are, in one line.</summary>
    public static string Join(IEnumerable<string?> parts) => string.Join(", ", parts.Where(p => p is not null));
}
