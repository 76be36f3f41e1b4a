using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Moving.AcmeSh;

/// <summary>A settings file of acme.sh: assignments of a shell, one a line. They are read, not run.</summary>
internal sealed class AcmeShConf
{
    private const string Base64Start = "__ACME_BASE64__START_";
    private const string Base64End = "__ACME_BASE64__END_";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _damaged = [];

    /// <summary>A file that is not there.</summary>
    public static AcmeShConf Empty { get; } = new();

    /// <summary>Names whose value is encoded and cannot be decoded.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <summary>Everything that has a value, in the order of the names.</summary>
    public IEnumerable<string> Names => _values.Keys.OrderBy(n => n, StringComparer.Ordinal);

    /// <summary>A value; <c>null</c> when it is missing or empty.</summary>
    public string? this[string name] => _values.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    public static AcmeShConf Parse(string text)
    {
        AcmeShConf conf = new();
        foreach (string line in text.Split('\n').Select(l => l.Trim()))
        {
            int equals = line.IndexOf('=');
            string name = equals > 0 ? line.Substring(0, equals).Trim() : "";
            name = name.StartsWith("export ", StringComparison.Ordinal) ? name.Substring(7).Trim() : name;
            if (name.Length > 0 && name.All(c => c is '_' or (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9')))
            {
                conf.Add(name, Unquote(line.Substring(equals + 1).Trim()));
            }
        }

        return conf;
    }

    private void Add(string name, string value)
    {
        if (value.StartsWith(Base64Start, StringComparison.Ordinal))
        {
            try
            {
                string encoded = value.Substring(Base64Start.Length);
                value = encoded.EndsWith(Base64End, StringComparison.Ordinal)
                    ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded.Substring(0, encoded.Length - Base64End.Length)))
                    : throw new FormatException();
            }
            catch (FormatException)
            {
                _damaged.Add(name);
                return;
            }
        }

        _values[name] = value;
    }

    // acme.sh puts a value between single quotes without a look at what is in it. So a quote in the value leaves text that no shell reads; what was meant is what lies between the outer ones.
    private static string Unquote(string text)
    {
        StringBuilder value = new();
        for (int i = 0; i < text.Length;)
        {
            char quote = text[i];
            if (quote is '\'' or '"')
            {
                int end = text.IndexOf(quote, i + 1);
                if (end < 0)
                {
                    return text[0] == quote && text.LastIndexOf(quote) > 0 ? text.Substring(1, text.LastIndexOf(quote) - 1) : text.Trim(quote);
                }

                value.Append(text, i + 1, end - i - 1);
                i = end + 1;
            }
            else if (quote is ' ' or '\t' or ';' or '#')
            {
                break;
            }
            else
            {
                value.Append(quote);
                i++;
            }
        }

        return value.ToString();
    }
}
