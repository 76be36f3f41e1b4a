using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace KeyManager.Operations;

/// <summary>
/// Writes a report as one page that needs nothing beside it: charts drawn here, a table with filter and sorting. Whatever a certificate holds is hostile: it goes into the page
/// as text, and a content security policy lets nothing run but our own script, which it knows by its hash. Without scripts the charts and the first lines are there all the same.
/// </summary>
internal static class ReportPage
{
    private const int LongestCell = 160;
    private const int LongestLabel = 26;
    private const int StaticRows = 100;

    private static readonly Lazy<string> Style = new(() => Resource("Page.css"));
    private static readonly Lazy<string> Script = new(() => Resource("Page.js"));

    public static long Write(TextWriter writer, Report report, Action check)
    {
        IReadOnlyList<ReportColumn> columns = ReportColumn.Shown(report.Type);
        List<ReportRow> rows = [];
        bool hasMore = false;
        foreach (ReportRow row in report.Rows)
        {
            check();
            if (rows.Count == ManageReports.MostOnPage)
            {
                hasMore = true;
                break;
            }

            rows.Add(row);
        }

        string title = Html(report.Title);
        writer.Write($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{Hash(Style.Value)}'; script-src '{Hash(Script.Value)}'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>{title}</title>
            <style>{Style.Value}</style>
            </head>
            <body>
            <header>
            <h1>{title}</h1>
            <p>{Html(report.Description)}</p>
            <p>Made {report.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC by KeyManager.</p>

            """);
        Tiles(writer, report);
        writer.Write("</header>\n<main>\n<section class=\"charts\" aria-label=\"Charts\">\n");
        foreach (IGrouping<string, ReportCount> chart in report.Counts.GroupBy(c => c.Chart))
        {
            Chart(writer, chart.Key, [.. chart]);
        }

        writer.Write("</section>\n<section>\n<h2 id=\"table\">Details</h2>\n");
        if (hasMore)
        {
            writer.Write(string.Format(CultureInfo.InvariantCulture, "<p>The first {0:N0} lines. The numbers above count all; a file of type CSV or JSON has them all.</p>\n", rows.Count));
        }

        Table(writer, columns, rows);
        Data(writer, columns, rows, check);
        writer.Write($"<script>{Script.Value}</script>\n</body>\n</html>\n");
        return rows.Count;
    }

    private static void Tiles(TextWriter writer, Report report)
    {
        List<ReportCount> urgent = [.. report.Urgent.Take(5)];
        if (urgent.Count == 0)
        {
            writer.Write("<ul class=\"tiles\"><li class=\"good\">Nothing to do.</li></ul>\n");
            return;
        }

        writer.Write("<ul class=\"tiles\">");
        foreach (ReportCount count in urgent)
        {
            writer.Write($"<li class=\"{Tone(count.Tone)}\"><b>{Number(count.Count)}</b> {Html(count.Chart)}: <bdi>{Html(count.Label)}</bdi></li>");
        }

        writer.Write("</ul>\n");
    }

    /// <summary>Bars that lie, each with its label before and its number behind.</summary>
    private static void Chart(TextWriter writer, string title, List<ReportCount> counts)
    {
        const int labels = 190, bars = 190, height = 24, width = labels + bars + 80;
        long most = Math.Max(1, counts.Max(c => c.Count));
        string said = string.Join(", ", counts.Select(c => $"{c.Label} {Number(c.Count)}"));
        writer.Write($"<figure><figcaption>{Html(title)}</figcaption><svg viewBox=\"0 0 {width} {counts.Count * height}\" role=\"img\" aria-label=\"{Html(title + ": " + said, 2000)}\">");
        for (int i = 0; i < counts.Count; i++)
        {
            ReportCount count = counts[i];
            double length = count.Count == 0 ? 0 : Math.Max(2, (double)bars * count.Count / most);
            int y = i * height;
            writer.Write($"<text x=\"0\" y=\"{y + 17}\">{Html(count.Label, LongestLabel, "…")}</text><rect class=\"track\" x=\"{labels}\" y=\"{y + 5}\" width=\"{bars}\" height=\"14\"/>");
            writer.Write(FormattableString.Invariant($"<rect class=\"{Tone(count.Tone)}\" x=\"{labels}\" y=\"{y + 5}\" width=\"{length:0.#}\" height=\"14\"/><text class=\"value\" x=\"{labels + bars + 8}\" y=\"{y + 17}\">{Number(count.Count)}</text>"));
        }

        writer.Write("</svg></figure>\n");
    }

    private static void Table(TextWriter writer, IReadOnlyList<ReportColumn> columns, List<ReportRow> rows)
    {
        writer.Write("<div class=\"tools\" hidden><label for=\"filter\">Filter, by words in any column<input id=\"filter\" type=\"search\" autocomplete=\"off\"></label>"
            + "<label class=\"small\" for=\"sort\">Sort by<select id=\"sort\"><option value=\"-1\">Urgency</option></select></label></div>\n<p id=\"shown\" role=\"status\">");
        writer.Write(rows.Count > StaticRows ? string.Format(CultureInfo.InvariantCulture, "1 to {0} of {1}; a browser that runs scripts shows the others.", StaticRows, rows.Count) : string.Format(CultureInfo.InvariantCulture, "{0} lines", rows.Count));
        writer.Write("</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"table\"><table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">");
        foreach (ReportColumn column in columns)
        {
            writer.Write($"<th role=\"columnheader\" scope=\"col\">{Html(column.Title)}</th>");
        }

        writer.Write("</tr></thead><tbody id=\"rows\" role=\"rowgroup\">\n");
        foreach (ReportRow row in rows.Take(StaticRows))
        {
            writer.Write("<tr role=\"row\">");
            foreach (ReportColumn column in columns)
            {
                object? value = Value(column, row);
                string text = value is null ? "" : Html(Convert.ToString(value, CultureInfo.InvariantCulture)!, int.MaxValue); // cut by Value
                string kind = Kind(column, row);
                string content = text.Length == 0 ? "" : kind == "mark" ? $"<span class=\"mark {Tone(row.Tone)}\">{text}</span>" : $"<bdi>{text}</bdi>";
                writer.Write($"<td role=\"cell\" data-label=\"{Html(column.Title)}\"{(kind is "number" or "day" && content.Length > 0 ? $" class=\"{kind}\"" : "")}>{content}</td>");
            }

            writer.Write("</tr>\n");
        }

        writer.Write("</tbody></table></div>\n<nav class=\"pages\" aria-label=\"Pages\" hidden><button type=\"button\" id=\"before\">Previous</button><button type=\"button\" id=\"next\">Next</button></nav>\n</section>\n</main>\n");
    }

    private static void Data(TextWriter writer, IReadOnlyList<ReportColumn> columns, List<ReportRow> rows, Action check)
    {
        writer.Write("<script type=\"application/json\" id=\"data\">{\"columns\":[");
        StringBuilder json = new();
        ReportRow? first = rows.FirstOrDefault();
        for (int i = 0; i < columns.Count; i++)
        {
            json.Append(i == 0 ? "" : ",").Append("{\"title\":");
            Json(json, columns[i].Title);
            json.Append(",\"kind\":\"").Append(first is null ? "text" : Kind(columns[i], first)).Append("\"}");
        }

        writer.Write(json.Append("],\"rows\":[").ToString());
        for (int r = 0; r < rows.Count; r++)
        {
            check();
            json.Clear().Append(r == 0 ? "\n[" : ",\n[");
            foreach (ReportColumn column in columns)
            {
                switch (Value(column, rows[r]))
                {
                    case null:
                        json.Append("null");
                        break;
                    case int number:
                        json.Append(number.ToString(CultureInfo.InvariantCulture));
                        break;
                    case object text:
                        Json(json, (string)text);
                        break;
                }

                json.Append(',');
            }

            writer.Write(json.Append((int)rows[r].Tone).Append(']').ToString());
        }

        writer.Write("]}</script>\n");
    }

    private static object? Value(ReportColumn column, ReportRow row) => column.Value(row) switch
    {
        null => null,
        int number => number,
        DateTimeOffset time => ReportText.Day(time),
        IReadOnlyList<string> list => list.Count == 0 ? null : ReportText.Visible(string.Join(", ", list), LongestCell),
        object text => ReportText.Visible((string)text, column.Name == nameof(ReportRow.Detail) ? 3 * LongestCell : LongestCell),
    };

    private static string Kind(ReportColumn column, ReportRow row) => column.Name switch
    {
        nameof(ReportRow.Result) => "mark",
        nameof(ReportRow.DaysLeft) or nameof(ReportRow.Life) => "number",
        nameof(ReportRow.NotAfter) or nameof(ReportRow.DueAt) or nameof(ReportRow.Start) => "day",
        _ => "text",
    };

    private static string Tone(ReportTone tone) => tone switch
    {
        ReportTone.Good => "good",
        ReportTone.Warning => "warning",
        ReportTone.Bad => "bad",
        _ => "neutral",
    };

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A text that no browser takes for markup, neither between tags nor in an attribute.</summary>
    private static string Html(string text, int longest = 500, string? cut = null)
    {
        string visible = cut is not null && text.Length > longest ? ReportText.Visible(text.Substring(0, longest - 1), int.MaxValue) + cut : ReportText.Visible(text, longest);
        return visible.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;");
    }

    /// <summary>A JSON text in which nothing can be taken for the end of the script that it stands in.</summary>
    private static void Json(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' or '\\' => json.Append('\\').Append(c),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => json.Append(c),
            };
        }

        json.Append('"');
    }

    private static string Hash(string text)
    {
        using SHA256 sha256 = SHA256.Create();
        return "sha256-" + Convert.ToBase64String(sha256.ComputeHash(Encoding.UTF8.GetBytes(text)));
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream("KeyManager.Reports." + name) ?? throw new InvalidOperationException($"The resource {name} is missing.");
        using StreamReader reader = new(stream, Encoding.UTF8);

        // A checkout may have brought CRs, which a browser takes away before it computes the hash.
        return reader.ReadToEnd().Replace("\r", "");
    }
}
