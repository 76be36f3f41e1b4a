using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Files;

namespace KeyManager.Operations;

/// <summary>Writes reports for other programs.</summary>
internal static class ReportText
{
    /// <summary>The lines as CSV: dates as yyyy-MM-dd, lists with semicolons. The inventory begins with the columns that such files customarily have, their dates as dd-MM-yyyy.</summary>
    public static long WriteCsv(TextWriter writer, Report report, Action check)
    {
        IReadOnlyList<ReportColumn> columns = report.Type == ReportType.Inventory ? [.. Customary, .. ReportColumn.All(report.Type).Where(c => c.Name is not nameof(ReportRow.Name) and not nameof(ReportRow.SerialNumber) and not nameof(ReportRow.Issuer) and not nameof(ReportRow.Start))] : ReportColumn.All(report.Type);
        writer.Write(string.Join(",", columns.Select(c => Cell(c.Title))));
        writer.Write("\r\n");
        long count = 0;
        foreach (ReportRow row in report.Rows)
        {
            check();
            writer.Write(string.Join(",", columns.Select(c => Cell(c.Value(row)))));
            writer.Write("\r\n");
            count++;
        }

        return count;
    }

    /// <summary>A JSON object on each line.</summary>
    public static long WriteJsonLines(TextWriter writer, Report report, Action check)
    {
        long count = 0;
        foreach (ReportRow row in report.Rows)
        {
            check();
            writer.Write(Object(row, ReportColumn.All(report.Type)));
            writer.Write('\n');
            count++;
        }

        return count;
    }

    /// <summary>One document: type, title, createdAt, counts, rows.</summary>
    public static long WriteJson(TextWriter writer, Report report, Action check)
    {
        StringBuilder head = new("{\"type\":");
        JsonText.Append(head, report.Type.ToString()).Append(",\"title\":");
        JsonText.Append(head, report.Title).Append(",\"createdAt\":");
        JsonText.Append(head, Moment(report.CreatedAt)).Append(",\"counts\":[");
        for (int i = 0; i < report.Counts.Count; i++)
        {
            ReportCount count = report.Counts[i];
            head.Append(i == 0 ? "\n" : ",\n").Append("{\"chart\":");
            JsonText.Append(head, count.Chart).Append(",\"label\":");
            JsonText.Append(head, count.Label).Append(",\"count\":").Append(count.Count.ToString(CultureInfo.InvariantCulture)).Append(",\"tone\":");
            JsonText.Append(head, count.Tone.ToString()).Append('}');
        }

        writer.Write(head.Append("],\"rows\":[").ToString());
        long written = 0;
        foreach (ReportRow row in report.Rows)
        {
            check();
            writer.Write(written++ == 0 ? "\n" : ",\n");
            writer.Write(Object(row, ReportColumn.All(report.Type)));
        }

        writer.Write("]}\n");
        return written;
    }

    /// <summary>The numbers in plain text, a line each.</summary>
    public static string Numbers(Report report)
    {
        StringBuilder text = new();
        foreach (IGrouping<string, ReportCount> chart in report.Counts.GroupBy(c => c.Chart))
        {
            text.Append(chart.Key).Append(":\n");
            foreach (ReportCount count in chart)
            {
                text.Append("  ").Append(Visible(count.Label, 100)).Append(": ").Append(count.Count.ToString("N0", CultureInfo.InvariantCulture)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>What a person is to read: marks that cannot be seen, or turn the text around, are shown by their number, and what is too long is cut.</summary>
    public static string Visible(string text, int longest)
    {
        if (text.Length > longest)
        {
            string all = text.Length.ToString(CultureInfo.InvariantCulture);
            int end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
            text = text.Substring(0, end) + "… (" + all + " characters)";
        }

        StringBuilder? clean = null;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            UnicodeCategory category = isPair ? CharUnicodeInfo.GetUnicodeCategory(text, i) : char.GetUnicodeCategory(c);
            bool isShown = isPair || (category is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) && c != '\uFFFE' && c != '\uFFFF');
            if (!isShown)
            {
                clean ??= new StringBuilder(text, 0, i, text.Length + 16);
                clean.Append(c is '\n' or '\t' or '\r' ? " " : $"<{(int)c:X4}>");
                continue;
            }

            clean?.Append(c);
            if (isPair)
            {
                clean?.Append(text[++i]);
                i += clean is null ? 1 : 0;
            }
        }

        return clean?.ToString() ?? text;
    }

    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IReadOnlyList<ReportColumn> Customary =>
    [
        new("", "Certificate name", r => r.Name),
        new("", "Serial number", r => r.SerialNumber),
        new("", "Valid from", r => r.Start is DateTimeOffset start ? new Raw(start.UtcDateTime.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture)) : null),
        new("", "Expiry date", r => r.NotAfter is DateTimeOffset end ? new Raw(end.UtcDateTime.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture)) : null),
        new("", "Issuer", r => r.Issuer),
        new("", "Organization", r => DistinguishedName.Find(r.Subject, "O")),
        new("", "Organization unit", r => DistinguishedName.Find(r.Subject, "OU")),
        new("", "Description", r => r.Note),
    ];

    private static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Cell(object? value) => value switch
    {
        null => "",
        int number => number.ToString(CultureInfo.InvariantCulture),
        DateTimeOffset time => Day(time),
        Raw raw => raw.Text,
        IReadOnlyList<string> list => CsvText.Cell(string.Join("; ", list)),
        _ => CsvText.Cell(value.ToString()!), // texts
    };

    private static string Object(ReportRow row, IReadOnlyList<ReportColumn> columns)
    {
        StringBuilder json = new("{");
        foreach (ReportColumn column in columns)
        {
            object? value = column.Value(row);
            if (value is null)
            {
                continue;
            }

            json.Append(json.Length > 1 ? "," : "");
            JsonText.Append(json, char.ToLowerInvariant(column.Name[0]) + column.Name.Substring(1)).Append(':');
            _ = value switch
            {
                int number => json.Append(number.ToString(CultureInfo.InvariantCulture)),
                DateTimeOffset time => JsonText.Append(json, Moment(time)),
                IReadOnlyList<string> list => List(json, list),
                _ => JsonText.Append(json, value.ToString()!), // texts
            };
        }

        return json.Append('}').ToString();
    }

    private static StringBuilder List(StringBuilder json, IReadOnlyList<string> list)
    {
        json.Append('[');
        for (int i = 0; i < list.Count; i++)
        {
            json.Append(i == 0 ? "" : ",");
            JsonText.Append(json, list[i]);
        }

        return json.Append(']');
    }

    /// <summary>What is ours and no text of anybody.</summary>
    private sealed record Raw(string Text);
}
