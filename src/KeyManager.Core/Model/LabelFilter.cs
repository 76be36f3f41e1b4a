using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager;

/// <summary>Selects by labels. Of each kind that is given one has to fit; letter case does not matter, * and ? are wildcards.</summary>
public sealed record LabelFilter
{
    /// <summary>Selects everything.</summary>
    public static LabelFilter None { get; } = new();

    /// <summary>Any of these tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Any of these owners; an empty text means those without one.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>Any of these groups; an empty text means those without one.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>True when it selects everything.</summary>
    public bool IsEmpty => Tags.Count + Owners.Count + Groups.Count == 0;

    /// <summary>A filter of what a user wrote: trimmed, and checked for what could never fit.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    public static LabelFilter Create(IReadOnlyList<string>? tags, IReadOnlyList<string>? owners, IReadOnlyList<string>? groups) => new()
    {
        Tags = Check(tags, "-Tag", mayBeEmpty: false),
        Owners = Check(owners, "-Owner", mayBeEmpty: true),
        Groups = Check(groups, "-Group", mayBeEmpty: true),
    };

    /// <summary>Whether the labels are such.</summary>
    public bool Fits(Labels labels)
    {
        Guard.NotNull(labels);
        return (Tags.Count == 0 || Tags.Any(p => labels.Tags.Any(t => Wildcard.Fits(p, t)))) && FitsOne(Owners, labels.Owner) && FitsOne(Groups, labels.Group);
    }

    public override string ToString() => string.Join("; ", new[] { ("tag", Tags), ("owner", Owners), ("group", Groups) }
        .Where(part => part.Item2.Count > 0).Select(part => $"{part.Item1} {string.Join(", ", part.Item2)}"));

    private static bool FitsOne(IReadOnlyList<string> patterns, string? label) =>
        patterns.Count == 0 || patterns.Any(p => label is null ? p.Length == 0 : p.Length > 0 && Wildcard.Fits(p, label));

    private static IReadOnlyList<string> Check(IReadOnlyList<string>? patterns, string parameter, bool mayBeEmpty)
    {
        List<string> checkedOnes = [.. (patterns ?? []).Select(p => (p ?? "").Trim()).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (checkedOnes.FirstOrDefault(p => p.IndexOfAny(['[', ']', '`']) >= 0) is string odd)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"{parameter} '{odd}' fits nothing: of the wildcards only * and ? are known here.") { Target = odd, Remedy = "Use * or ?, or name several, separated by commas." };
        }

        return mayBeEmpty || !checkedOnes.Contains("") ? checkedOnes : throw new InvalidRequestException(ErrorIds.InvalidParameter, $"{parameter} is empty.") { Remedy = "Name a tag; * means any." };
    }
}
