using System;
using System.Globalization;
using System.Linq;
using System.Text;
using KeyManager.Files;

namespace KeyManager.Operations;

/// <summary>Writes lines of the audit trail as other programs read them. Each event is one line, whatever its texts hold.</summary>
internal static class AuditText
{
    // 13, "log audit", times 8; 6 informational, 4 warning (RFC 5424 §6.2.1).
    private const int Facility = 13 * 8;

    /// <summary>What stands before the first event; <c>null</c> for nothing.</summary>
    public static string? Header(AuditFormat format) => format == AuditFormat.Csv ? "Number,Time,Category,Action,SubjectId,SubjectName,Succeeded,Detail,User,Machine,Hash" : null;

    public static string Line(AuditFormat format, AuditEvent line, string version) => format switch
    {
        AuditFormat.Csv => string.Join(",", Fields(line).Select(f => CsvText.Cell(f.Value))),
        AuditFormat.JsonLines => Json(line),
        AuditFormat.Syslog => Syslog(line),
        _ => Cef(line, version),
    };

    private static (string Name, string Value)[] Fields(AuditEvent line) =>
    [
        ("Number", Invariant(line.Number)),
        ("Time", Stamp(line.Time)),
        ("Category", line.Category),
        ("Action", line.Action),
        ("SubjectId", line.SubjectId),
        ("SubjectName", line.SubjectName),
        ("Succeeded", line.Succeeded ? "true" : "false"),
        ("Detail", line.Detail),
        ("User", line.User),
        ("Machine", line.Machine),
        ("Hash", line.Hash),
    ];

    private static string Json(AuditEvent line)
    {
        StringBuilder json = new("{");
        foreach ((string name, string value) in Fields(line))
        {
            json.Append(json.Length > 1 ? ",\"" : "\"").Append(name).Append("\":");
            if (name is "Number" or "Succeeded")
            {
                json.Append(value);
            }
            else
            {
                JsonText.Append(json, value);
            }
        }

        return json.Append('}').ToString();
    }

    // The message is ASCII, so it needs no byte order mark; only registered structured data is used, as others need a number of one's own.
    private static string Syslog(AuditEvent line) => string.Format(
        CultureInfo.InvariantCulture,
        "<{0}>1 {1} {2} KeyManager - {3} [meta sequenceId=\"{4}\"][origin software=\"KeyManager\"] {5}",
        Facility + (line.Succeeded ? 6 : 4),
        Stamp(line.Time),
        Printable(line.Machine, 255),
        Printable(line.Action, 32),
        ((line.Number - 1) % int.MaxValue) + 1,
        Json(line));

    private static string Cef(AuditEvent line, string version)
    {
        StringBuilder text = new("CEF:0|KeyManager|KeyManager|");
        text.Append(CefHeader(version)).Append('|').Append(CefHeader(line.Action)).Append('|').Append(CefHeader(line.Category + " " + line.Action)).Append('|').Append(line.Succeeded ? 3 : 7).Append('|');
        (string Name, string Value)[] extension =
        [
            ("rt", Invariant(line.Time.ToUnixTimeMilliseconds())),
            ("externalId", Invariant(line.Number)),
            ("cat", line.Category),
            ("act", line.Action),
            ("outcome", line.Succeeded ? "success" : "failure"),
            ("suser", line.User),
            ("dvchost", line.Machine),
            ("cs1Label", "subjectName"),
            ("cs1", line.SubjectName),
            ("cs2Label", "subjectId"),
            ("cs2", line.SubjectId),
            ("cs3Label", "hash"),
            ("cs3", line.Hash),
            ("msg", line.Detail),
        ];
        return text.Append(string.Join(" ", extension.Where(e => e.Value.Length > 0).Select(e => e.Name + "=" + CefValue(e.Value)))).ToString();
    }

    private static string CefHeader(string text) => text.Replace("\\", "\\\\").Replace("|", "\\|").Replace("\r", " ").Replace("\n", " ");

    private static string CefValue(string text) => text.Replace("\\", "\\\\").Replace("=", "\\=").Replace("\r", "\\r").Replace("\n", "\\n");

    /// <summary>PRINTUSASCII of RFC 5424: what is not becomes '_', nothing becomes '-'.</summary>
    private static string Printable(string text, int longest)
    {
        string clean = new([.. text.Take(longest).Select(c => c is > ' ' and < '\x7f' ? c : '_')]);
        return clean.Length == 0 ? "-" : clean;
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);
}
