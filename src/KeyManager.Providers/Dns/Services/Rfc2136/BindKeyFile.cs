using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>
/// Reads TSIG keys as BIND writes them: what tsig-keygen prints, the file of nsupdate -k, a piece of named.conf. White space and line breaks may stand
/// anywhere, quotes may be missing, and comments of all three kinds are passed over, as are other statements.
/// </summary>
internal static class BindKeyFile
{
    /// <summary>Every key of the text, in its order.</summary>
    /// <param name="text">The content of the file.</param>
    /// <param name="source">What to call it in an error, such as its path.</param>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: no key, one that is not complete, or two of one name. Never quotes a secret.</exception>
    public static IReadOnlyList<TsigKey> Read(string text, string source)
    {
        Words words = new(Guard.NotNull(text), source);
        List<TsigKey> keys = [];
        while (words.Next() is Word word)
        {
            if (word.Is("key"))
            {
                TsigKey key = ReadKey(words);
                keys.Add(keys.Any(k => k.Name.Equals(key.Name)) ? throw words.Error($"has two keys named '{key.Name}'") : key);
            }
            else
            {
                PassOverStatement(words, word);
            }
        }

        return keys.Count > 0 ? keys : throw words.Error("has no key statement");
    }

    /// <summary>One key: the one of this name, or the only one when none is named.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: also when there is no such key, or several to choose from.</exception>
    public static TsigKey Read(string text, string source, string? name)
    {
        IReadOnlyList<TsigKey> keys = Read(text, source);
        string all = string.Join(", ", keys.Select(k => k.Name));
        if (name is null)
        {
            return keys.Count == 1 ? keys[0] : throw Invalid($"{source} has {keys.Count} keys: {all}.", "Say which one.", source);
        }

        return keys.FirstOrDefault(k => k.Name.Equals(UpdateNames.Parse(name, "key")))
            ?? throw Invalid($"{source} has no key '{name}'; it has {all}.", "Name one of these.", source);
    }

    private static TsigKey ReadKey(Words words)
    {
        Word name = words.Need("a name behind the word key");
        if (name.IsSign)
        {
            throw words.Error("has a key without a name");
        }

        words.NeedSign('{', $"behind the name of the key '{name.Text}'");
        string? algorithm = null;
        string? secret = null;
        while (true)
        {
            Word word = words.Need($"a }} at the end of the key '{name.Text}'");
            if (word.IsSignOf('}'))
            {
                break;
            }

            // What else a key may say does not matter to us; its value is never shown, since it may be a secret under a misspelt name.
            bool isAlgorithm = word.Is("algorithm");
            bool isSecret = word.Is("secret");
            StringBuilder value = new();
            int count = 0;
            for (word = words.Need($"a ; in the key '{name.Text}'"); !word.IsSignOf(';'); word = words.Need($"a ; in the key '{name.Text}'"))
            {
                value.Append(!word.IsSign ? word.Text : throw words.Error($"lacks a ; in the key '{name.Text}'"));
                count++;
            }

            // A long secret may be written in pieces, an algorithm may not.
            algorithm = isAlgorithm ? (count == 1 && algorithm is null ? value.ToString() : throw words.Error($"has not one algorithm in the key '{name.Text}'")) : algorithm;
            secret = isSecret ? (secret is null ? value.ToString() : throw words.Error($"has two secrets in the key '{name.Text}'")) : secret;
        }

        words.PassOverSemicolon();
        algorithm ??= "";
        if (algorithm.Length == 0 || secret is null)
        {
            throw words.Error($"has no {(secret is null ? "secret" : "algorithm")} in the key '{name.Text}'");
        }

        try
        {
            return TsigKey.FromBase64(name.Text, algorithm, secret);
        }
        catch (InvalidRequestException error)
        {
            throw Invalid($"{words.Source}: {error.Message}", error.Remedy ?? "", words.Source);
        }
    }

    private static void PassOverStatement(Words words, Word? word)
    {
        int depth = 0;
        for (; word is not null; word = words.Next())
        {
            depth += word.IsSignOf('{') ? 1 : word.IsSignOf('}') ? -1 : 0;
            if (depth < 0)
            {
                throw words.Error("has a } too many");
            }

            if (depth == 0 && word.IsSignOf(';'))
            {
                return;
            }
        }

        if (depth > 0)
        {
            throw words.Error("ends within a statement");
        }
    }

    private static InvalidRequestException Invalid(string message, string remedy, string source) => new(ErrorIds.InvalidParameter, message) { Target = source, Remedy = remedy };

    private sealed record Word(string Text, bool IsSign)
    {
        public bool Is(string text) => !IsSign && string.Equals(Text, text, StringComparison.OrdinalIgnoreCase);

        public bool IsSignOf(char sign) => IsSign && Text[0] == sign;
    }

    private sealed class Words(string text, string source)
    {
        private int _position;
        private int _line = 1;

        public string Source => source;

        public Word? Next()
        {
            PassOverSpace();
            if (_position == text.Length)
            {
                return null;
            }

            char first = text[_position];
            if (first is '{' or '}' or ';')
            {
                _position++;
                return new Word(first.ToString(), IsSign: true);
            }

            if (first == '"')
            {
                int end = text.IndexOf('"', _position + 1);
                if (end < 0)
                {
                    throw Error("has a quote that is not closed");
                }

                string quoted = text.Substring(_position + 1, end - _position - 1);
                Advance(end + 1 - _position);
                return new Word(quoted, IsSign: false);
            }

            int start = _position;
            while (_position < text.Length && !char.IsWhiteSpace(text[_position]) && text[_position] is not ('{' or '}' or ';' or '"' or '#') && !IsAt("/*"))
            {
                _position++;
            }

            return new Word(text.Substring(start, _position - start), IsSign: false);
        }

        public Word Need(string what) => Next() ?? throw Error($"ends where it needs {what}");

        public void NeedSign(char sign, string where)
        {
            if (!Need($"a {sign} {where}").IsSignOf(sign))
            {
                throw Error($"lacks a {sign} {where}");
            }
        }

        // Behind a key of nsupdate's file it may be missing.
        public void PassOverSemicolon()
        {
            PassOverSpace();
            if (_position < text.Length && text[_position] == ';')
            {
                _position++;
            }
        }

        public InvalidRequestException Error(string problem) =>
            Invalid($"{source} {problem} (line {_line}).", "It should read: key \"name\" { algorithm hmac-sha256; secret \"base64\"; }; as tsig-keygen prints it.", source);

        // "//" begins a comment only where a word could begin: base64 may hold two slashes.
        private void PassOverSpace()
        {
            while (_position < text.Length)
            {
                if (char.IsWhiteSpace(text[_position]) || text[_position] == '\uFEFF')
                {
                    Advance(1);
                }
                else if (text[_position] == '#' || IsAt("//"))
                {
                    int end = text.IndexOf('\n', _position);
                    Advance((end < 0 ? text.Length : end) - _position);
                }
                else if (IsAt("/*"))
                {
                    int end = text.IndexOf("*/", _position + 2, StringComparison.Ordinal);
                    Advance((end < 0 ? throw Error("has a comment that is not closed") : end + 2) - _position);
                }
                else
                {
                    return;
                }
            }
        }

        private bool IsAt(string sign) => string.CompareOrdinal(text, _position, sign, 0, sign.Length) == 0;

        private void Advance(int count)
        {
            for (int end = _position + count; _position < end; _position++)
            {
                _line += text[_position] == '\n' ? 1 : 0;
            }
        }
    }
}
