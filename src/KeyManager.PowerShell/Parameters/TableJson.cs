using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text;

namespace KeyManager.PowerShell;

/// <summary>Writes what a table of settings may hold as JSON: text, numbers, yes or no, lists and tables of these. The cmdlets have no JSON library, and need none for this.</summary>
internal static class TableJson
{
    /// <exception cref="InvalidRequestException">KmInvalidSetting: something else is in it.</exception>
    public static string Write(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        SwitchParameter flag => flag.IsPresent ? "true" : "false",
        string text => Quote(text),
        char c => Quote(c.ToString()),
        byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal => Convert.ToString(value is PSObject p ? p.BaseObject : value, CultureInfo.InvariantCulture)!,
        Uri or Guid or Enum => Quote(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        IDictionary table => "{" + string.Join(",", table.Cast<DictionaryEntry>().Select(e => Quote(Convert.ToString(e.Key, CultureInfo.InvariantCulture) ?? "") + ":" + Write(e.Value))) + "}",
        IEnumerable list => "[" + string.Join(",", list.Cast<object?>().Select(Write)) + "]",
        object other => throw new InvalidRequestException(ErrorIds.InvalidSetting, $"A setting cannot hold a {other.GetType().Name}.")
        {
            Target = other.GetType().Name,
            Remedy = "Give text, numbers, true or false, lists and tables of these; secrets as SecureString or PSCredential, not inside of a list or table.",
        },
    };

    private static string Quote(string text)
    {
        StringBuilder json = new("\"");
        foreach (char c in text)
        {
            _ = c is '"' or '\\' ? json.Append('\\').Append(c)
                : c < ' ' || char.IsSurrogate(c) || c > 126 ? json.AppendFormat(CultureInfo.InvariantCulture, "\\u{0:x4}", (int)c)
                : json.Append(c);
        }

        return json.Append('"').ToString();
    }
}
