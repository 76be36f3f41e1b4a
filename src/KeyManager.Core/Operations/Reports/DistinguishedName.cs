using System;
using System.Collections.Generic;
using System.Text;

namespace KeyManager.Operations;

/// <summary>Reads a subject as RFC 4514 writes it.</summary>
internal static class DistinguishedName
{
    /// <summary>The values of an attribute such as O or OU, separated by semicolons; <c>null</c> when it has none.</summary>
    public static string? Find(string? name, string attribute)
    {
        List<string> found = [];
        StringBuilder part = new();
        string? type = null;
        string text = (name ?? "") + ",";
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\' && i + 2 < text.Length)
            {
                i++;
                bool isByte = Uri.IsHexDigit(text[i]) && Uri.IsHexDigit(text[i + 1]);
                part.Append(isByte ? "\\" + text[i] + text[++i] : text[i].ToString());
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == '=' && type is null)
            {
                type = part.ToString().Trim();
                part.Clear();
            }
            else if (c is ',' or '+' && (!isQuoted || i == text.Length - 1))
            {
                if (string.Equals(type, attribute, StringComparison.OrdinalIgnoreCase))
                {
                    found.Add(part.ToString().Trim());
                }

                type = null;
                part.Clear();
            }
            else
            {
                part.Append(c);
            }
        }

        return found.Count == 0 ? null : string.Join("; ", found);
    }
}
