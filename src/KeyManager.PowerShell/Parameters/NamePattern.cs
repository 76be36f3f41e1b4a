using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace KeyManager.PowerShell;

/// <summary>
/// A name as users write it after -Name or -DomainName: first taken literally, then as a wildcard pattern. <c>*.contoso.com</c> is both
/// the name of a wildcard certificate and a pattern, so where a thing of exactly that name exists, it alone is meant.
/// </summary>
public sealed class NamePattern
{
    private readonly string _text;
    private readonly WildcardPattern? _wildcard;

    /// <summary>Reads a pattern. White space around it does not count; case never does.</summary>
    public NamePattern(string text)
    {
        _text = (text ?? throw new ArgumentNullException(nameof(text))).Trim();
        _wildcard = WildcardPattern.ContainsWildcardCharacters(_text) ? new WildcardPattern(_text, WildcardOptions.IgnoreCase) : null;
    }

    /// <summary>True when it may mean several things. Naming one that does not exist is an error; finding nothing by pattern is not.</summary>
    public bool HasWildcards => _wildcard is not null;

    /// <summary>True when the name is literally this.</summary>
    public bool IsLiterally(string? name) => string.Equals(_text, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>True when the name is literally this or fits the pattern.</summary>
    public bool Matches(string? name) => name is not null && (IsLiterally(name) || _wildcard?.IsMatch(name) == true);

    /// <summary>The items that are meant: those with literally this name, else those that fit.</summary>
    /// <param name="items">All there are.</param>
    /// <param name="names">The names of an item; one that fits is enough.</param>
    public IReadOnlyList<T> Select<T>(IEnumerable<T> items, Func<T, IEnumerable<string?>> names)
    {
        List<T> all = [.. items ?? throw new ArgumentNullException(nameof(items))];
        List<T> literal = [.. all.Where(item => names(item).Any(IsLiterally))];
        return literal.Count > 0 || _wildcard is null ? literal : [.. all.Where(item => names(item).Any(Matches))];
    }

    /// <summary>The items that are meant: those with literally this name, else those that fit.</summary>
    public IReadOnlyList<T> Select<T>(IEnumerable<T> items, Func<T, string?> name) => Select(items, item => new[] { name(item) }.AsEnumerable());

    /// <inheritdoc/>
    public override string ToString() => _text;
}
