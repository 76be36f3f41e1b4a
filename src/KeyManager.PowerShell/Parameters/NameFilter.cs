using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>What -Name means for things of several kinds.</summary>
internal static class NameFilter
{
    /// <summary>Whether a name is meant by one of these, literally or as a pattern; by none of none, every one is.</summary>
    public static Func<string, bool> Of(IReadOnlyCollection<string> names)
    {
        List<NamePattern> patterns = [.. names.Select(name => new NamePattern(name))];
        return patterns.Count == 0
            ? _ => true
            : name => patterns.Exists(p => p.Matches(name)) || names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
