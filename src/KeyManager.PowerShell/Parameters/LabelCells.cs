using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Labels as parameters and cells of a table give them; an empty cell means that nothing was given.</summary>
internal static class LabelCells
{
    /// <summary>Adds to what is there, and replaces the one owner, group and note.</summary>
    public static LabelChange Adding(IEnumerable<string> tags, string? owner, string? group, string? note) => new()
    {
        AddTags = Split(tags),
        Owner = Blank.ToNull(owner),
        Group = Blank.ToNull(group),
        Note = Blank.ToNull(note),
    };

    /// <summary>What a Set- cmdlet was given.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: nothing was given, or no tag can be taken away that way.</exception>
    public static LabelChange Change(IEnumerable<string>? tags, IEnumerable<string> add, IEnumerable<string> remove, string? owner, string? group, string? note)
    {
        LabelChange change = new()
        {
            Tags = tags is null ? null : Split(tags),
            AddTags = Split(add),
            RemoveTags = Split(remove),
            Owner = owner,
            Group = group,
            Note = note,
        };
        return !change.IsEmpty ? change : throw new InvalidRequestException(ErrorIds.InvalidParameter, "Nothing is to be changed.") { Remedy = "Give -Tag, -AddTag, -RemoveTag, -Owner, -Group or -Note." };
    }

    /// <summary>Several tags in one text are separated by commas or semicolons.</summary>
    public static IReadOnlyList<string> Split(IEnumerable<string> tags) =>
        [.. tags.SelectMany(t => (t ?? "").Split([',', ';'], StringSplitOptions.RemoveEmptyEntries)).Select(t => t.Trim()).Where(t => t.Length > 0)];
}
