using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Files;

/// <summary>Reads CSV (RFC 4180), with commas or, as spreadsheets of some countries write it, semicolons or tabs between the cells.</summary>
internal static class CsvReader
{
    /// <summary>The rows with the number of the line on which each begins; empty lines are left out.</summary>
    /// <exception cref="FormatException">A quote is not closed; the message says in which line it was opened.</exception>
    public static IReadOnlyList<(int Line, IReadOnlyList<string> Cells)> Read(string text)
    {
        char separator = Separator(text);
        List<(int, IReadOnlyList<string>)> rows = [];
        List<string> cells = [];
        StringBuilder cell = new();
        int line = 1, start = 1, opened = 0;
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            line += c == '\n' ? 1 : 0;
            if (isQuoted)
            {
                bool isDoubled = c == '"' && i + 1 < text.Length && text[i + 1] == '"';
                isQuoted = c != '"' || isDoubled;
                _ = isQuoted ? cell.Append(c) : cell;
                i += isDoubled ? 1 : 0;
            }
            else if (c == '"' && cell.ToString().Trim().Length == 0)
            {
                _ = cell.Clear();
                isQuoted = true;
                opened = line;
            }
            else if (c == separator)
            {
                cells.Add(cell.ToString().Trim());
                _ = cell.Clear();
            }
            else if (c == '\n')
            {
                EndRow();
                start = line;
            }
            else
            {
                _ = cell.Append(c);
            }
        }

        if (isQuoted)
        {
            throw new FormatException(FormattableString.Invariant($"The quote in line {opened} is not closed."));
        }

        EndRow();
        return rows;

        void EndRow()
        {
            cells.Add(cell.ToString().Trim());
            _ = cell.Clear();
            if (cells.Exists(c => c.Length > 0))
            {
                rows.Add((start, cells));
            }

            cells = [];
        }
    }

    /// <summary>What stands between the cells of the first line: what is most often in it, outside of quotes.</summary>
    private static char Separator(string text)
    {
        int end = text.IndexOf('\n');
        string[] parts = (end < 0 ? text : text.Substring(0, end)).Split('"');
        string plain = string.Concat(parts.Where((_, i) => i % 2 == 0));
        return new[] { ',', ';', '\t' }.OrderByDescending(s => plain.Count(c => c == s)).First();
    }
}
