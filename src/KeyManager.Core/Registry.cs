using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager;

/// <summary>What this build knows of one kind, by name.</summary>
/// <param name="items">All of them.</param>
/// <param name="nameOf">The name of one.</param>
public abstract class Registry<T>(IEnumerable<T> items, Func<T, string> nameOf)
    where T : class
{
    /// <summary>All, by name.</summary>
    public IReadOnlyList<T> All { get; } = [.. items.OrderBy(nameOf, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The one with this name; letter case does not matter.</summary>
    /// <exception cref="NotFoundException">There is none; the error names those that are known.</exception>
    public T Get(string name) => Find(name) ?? throw Missing(name, $"Known are: {string.Join(", ", All.Select(nameOf))}.");

    /// <summary>The one with this name; <c>null</c> when there is none.</summary>
    public T? Find(string name) => All.FirstOrDefault(item => string.Equals(nameOf(item), name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The error for a name that is none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="known">A sentence with the names that are known.</param>
    protected abstract NotFoundException Missing(string name, string known);
}
