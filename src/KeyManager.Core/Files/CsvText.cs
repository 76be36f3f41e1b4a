namespace KeyManager.Files;

/// <summary>Cells of CSV (RFC 4180) that a spreadsheet shows and does not run.</summary>
internal static class CsvText
{
    /// <summary>The text as a cell. One that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    public static string Cell(string text) => Quote(Harmless(text));

    /// <summary>A spreadsheet takes a text that begins so for a formula, and runs it.</summary>
    private static string Harmless(string text)
    {
        string start = text.TrimStart();
        return (start.Length > 0 && start[0] is '=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20' or '|' or '%') || (text.Length > 0 && text[0] is '\t' or '\r' or '\n') ? "'" + text : text;
    }

    private static string Quote(string text) => text.IndexOfAny([',', '"', '\r', '\n', ';', '\'']) < 0 ? text : "\"" + text.Replace("\"", "\"\"") + "\"";
}
