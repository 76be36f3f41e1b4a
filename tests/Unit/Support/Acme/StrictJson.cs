using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace KeyManager.Tests.Support.Acme;

/// <summary>
/// JSON to the letter of RFC 8259, without the liberties that libraries take: no comments, no single quotes, no trailing commas, no member twice.
/// Objects become dictionaries, arrays lists, whole numbers long, others double.
/// </summary>
internal sealed class StrictJson
{
    private readonly string _text;
    private int _at;

    private StrictJson(string text)
    {
        _text = text;
    }

    /// <exception cref="FormatException">It is not JSON.</exception>
    public static object? Parse(string text)
    {
        StrictJson reader = new(text);
        object? value = reader.Value();
        reader.Space();
        return reader._at == text.Length ? value : throw reader.Wrong("nothing more");
    }

    public static string Write(object? value)
    {
        StringBuilder text = new();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string s:
                Quote(text, s);
                break;
            case bool b:
                text.Append(b ? "true" : "false");
                break;
            case IReadOnlyDictionary<string, object?> members:
                text.Append('{');
                foreach (KeyValuePair<string, object?> member in members)
                {
                    text.Append(text[text.Length - 1] == '{' ? "" : ",");
                    Quote(text, member.Key);
                    text.Append(':');
                    Write(text, member.Value);
                }

                text.Append('}');
                break;
            case System.Collections.IEnumerable items:
                text.Append('[');
                foreach (object? item in items)
                {
                    text.Append(text[text.Length - 1] == '[' ? "" : ",");
                    Write(text, item);
                }

                text.Append(']');
                break;
            default:
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            text.Append(c is '"' or '\\' ? "\\" + c : c < ' ' ? "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture) : c.ToString());
        }

        text.Append('"');
    }

    private object? Value()
    {
        Space();
        return Peek() switch
        {
            '{' => Members(),
            '[' => Items(),
            '"' => Text(),
            't' => Word("true", true),
            'f' => Word("false", false),
            'n' => Word("null", null),
            _ => Number(),
        };
    }

    private Dictionary<string, object?> Members()
    {
        Dictionary<string, object?> members = new(StringComparer.Ordinal);
        Take('{');
        Space();
        if (Peek() == '}')
        {
            _at++;
            return members;
        }

        while (true)
        {
            Space();
            string name = Text();
            Space();
            Take(':');
            if (members.ContainsKey(name))
            {
                throw new FormatException($"member {name} is there twice");
            }

            members[name] = Value();
            Space();
            if (Peek() == '}')
            {
                _at++;
                return members;
            }

            Take(',');
        }
    }

    private List<object?> Items()
    {
        List<object?> items = [];
        Take('[');
        Space();
        if (Peek() == ']')
        {
            _at++;
            return items;
        }

        while (true)
        {
            items.Add(Value());
            Space();
            if (Peek() == ']')
            {
                _at++;
                return items;
            }

            Take(',');
        }
    }

    private string Text()
    {
        StringBuilder text = new();
        Take('"');
        while (Peek() != '"')
        {
            char c = _text[_at++];
            if (c < ' ')
            {
                throw Wrong("no control character in a text");
            }

            text.Append(c == '\\' ? Escaped() : c);
        }

        _at++;
        return text.ToString();
    }

    private char Escaped()
    {
        char c = Peek();
        _at++;
        if (c == 'u')
        {
            string digits = _at + 4 <= _text.Length ? _text.Substring(_at, 4) : "";
            _at += 4;
            return ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code) ? (char)code : throw Wrong("four digits");
        }

        int which = "\"\\/bfnrt".IndexOf(c);
        return which >= 0 ? "\"\\/\b\f\n\r\t"[which] : throw Wrong("an escape");
    }

    private object Number()
    {
        int start = _at;
        while (_at < _text.Length && "+-.0123456789eE".IndexOf(_text[_at]) >= 0)
        {
            _at++;
        }

        string digits = _text.Substring(start, _at - start);
        bool hasLeadingZero = digits.TrimStart('-') is ['0', >= '0' and <= '9', ..] || digits.StartsWith("+", StringComparison.Ordinal);
        if (!hasLeadingZero && long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return whole;
        }

        return !hasLeadingZero && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Wrong("a value");
    }

    private object? Word(string word, object? value)
    {
        if (string.CompareOrdinal(_text, _at, word, 0, word.Length) != 0)
        {
            throw Wrong(word);
        }

        _at += word.Length;
        return value;
    }

    private void Space()
    {
        while (_at < _text.Length && " \t\r\n".IndexOf(_text[_at]) >= 0)
        {
            _at++;
        }
    }

    private char Peek() => _at < _text.Length ? _text[_at] : throw Wrong("more");

    private void Take(char expected)
    {
        if (Peek() != expected)
        {
            throw Wrong(expected.ToString());
        }

        _at++;
    }

    private FormatException Wrong(string expected) => new($"not JSON: expected {expected} at {_at}");
}
