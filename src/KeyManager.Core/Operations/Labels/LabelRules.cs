using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KeyManager.Operations;

/// <summary>What labels may be, and how a change is applied to them.</summary>
internal static class LabelRules
{
    private const int LongestTag = 100;
    private const int LongestName = 200;
    private const int LongestNote = 4000;
    private const int MostTags = 50;

    /// <exception cref="InvalidRequestException">KmInvalidParameter: too long, too many, or with characters that filters and tables need for themselves.</exception>
    public static Labels Apply(Labels before, LabelChange change)
    {
        List<string> tags = [.. change.Tags is null ? before.Tags : change.Tags.Select(CheckTag)];
        tags.RemoveAll(tag => change.RemoveTags.Any(p => Wildcard.Fits(p.Trim(), tag)));
        tags.AddRange(change.AddTags.Select(CheckTag));
        Labels after = new()
        {
            Tags = [.. tags.Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(t => t, StringComparer.OrdinalIgnoreCase)],
            Owner = change.Owner is null ? before.Owner : CheckName(change.Owner, "-Owner"),
            Group = change.Group is null ? before.Group : CheckName(change.Group, "-Group"),
            Note = change.Note is null ? before.Note : CheckNote(change.Note),
        };
        return after.Tags.Count <= MostTags ? after : throw Invalid($"{after.Tags.Count} tags are too many.", string.Format(CultureInfo.InvariantCulture, "At most {0} go on one thing.", MostTags));
    }

    /// <summary>Whether they say the same; letter case counts.</summary>
    public static bool AreSame(Labels one, Labels other) => one.Tags.SequenceEqual(other.Tags, StringComparer.Ordinal) && one.Owner == other.Owner && one.Group == other.Group && one.Note == other.Note;

    /// <summary>What is different, for the audit trail.</summary>
    public static string Describe(Labels before, Labels after) => AuditDetail.Join(
    [
        .. before.Tags.Except(after.Tags).Select(t => "-" + t),
        .. after.Tags.Except(before.Tags).Select(t => "+" + t),
        AuditDetail.Of("owner", before.Owner, after.Owner),
        AuditDetail.Of("group", before.Group, after.Group),
        before.Note != after.Note ? "note" : null,
    ]);

    private static string CheckTag(string text)
    {
        string tag = CheckLine(text, "-Tag", LongestTag);
        return tag.Length == 0 ? throw Invalid("A tag is empty.", "Give it a word.")
            : tag.IndexOfAny([',', ';']) >= 0 ? throw Invalid($"The tag '{tag}' has a comma or semicolon, which separate tags in tables.", "Use another character.")
            : tag;
    }

    private static string? CheckName(string text, string parameter)
    {
        string name = CheckLine(text, parameter, LongestName);
        return name.Length == 0 ? null : name;
    }

    private static string CheckLine(string text, string parameter, int longest)
    {
        string line = text.Trim();

        // Marks that nobody sees would make two labels that look the same and are not.
        return line.Length > longest ? throw Invalid($"{parameter} is {line.Length} characters long.", string.Format(CultureInfo.InvariantCulture, "At most {0} are kept.", longest))
            : line.Any(c => char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                ? throw Invalid($"{parameter} '{line}' holds a character that cannot be seen.", "Type it anew.")
            : line.IndexOfAny(['*', '?', '[', ']', '`']) >= 0 ? throw Invalid($"{parameter} '{line}' holds a wildcard.", "Leave out * ? [ ] and `, which filters need.")
            : line;
    }

    private static string? CheckNote(string text)
    {
        string note = text.Replace("\r\n", "\n").Trim();
        return note.Length == 0 ? null
            : note.Length > LongestNote ? throw Invalid($"The note is {note.Length} characters long.", string.Format(CultureInfo.InvariantCulture, "At most {0} are kept.", LongestNote))
            : note.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) ? throw Invalid("The note holds control characters.", "Leave them out.")
            : note;
    }

    private static InvalidRequestException Invalid(string message, string remedy) => new(ErrorIds.InvalidParameter, message) { Remedy = remedy };
}
