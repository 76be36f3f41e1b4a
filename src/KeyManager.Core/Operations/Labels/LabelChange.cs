using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>How labels are to change. What is <c>null</c> or empty stays as it is.</summary>
public sealed record LabelChange
{
    /// <summary>Nothing changes.</summary>
    public static LabelChange None { get; } = new();

    /// <summary>The tags from now on; <c>null</c> keeps those there are.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Tags that come on top.</summary>
    public IReadOnlyList<string> AddTags { get; init; } = [];

    /// <summary>Tags that go; * and ? are wildcards.</summary>
    public IReadOnlyList<string> RemoveTags { get; init; } = [];

    /// <summary>The owner from now on; an empty text for nobody.</summary>
    public string? Owner { get; init; }

    /// <summary>The group from now on; an empty text for none.</summary>
    public string? Group { get; init; }

    /// <summary>The note from now on; an empty text for none.</summary>
    public string? Note { get; init; }

    /// <summary>True when nothing would change whatever there is.</summary>
    public bool IsEmpty => Tags is null && AddTags.Count == 0 && RemoveTags.Count == 0 && Owner is null && Group is null && Note is null;

    /// <summary>What was written elsewhere, on top of what is there.</summary>
    internal static LabelChange Adding(Labels labels) => new() { AddTags = labels.Tags, Owner = labels.Owner, Group = labels.Group, Note = labels.Note };
}
