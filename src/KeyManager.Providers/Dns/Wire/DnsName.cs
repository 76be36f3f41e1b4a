using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Dns.Wire;

/// <summary>
/// A name as the DNS sees it: labels of octets. Kept as labels, because a label may hold a dot; escapes belong to the text form only.
/// Two names are equal when they differ in nothing but the case of ASCII letters (RFC 4343 §3), whatever the culture.
/// </summary>
internal sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>Octets of the longest name on the wire, length octets and the final zero included (RFC 1035 §2.3.4).</summary>
    public const int MaxLength = 255;

    /// <summary>Octets of the longest label (RFC 1035 §2.3.4).</summary>
    public const int MaxLabelLength = 63;

    private readonly byte[][] _labels;

    /// <exception cref="DnsException">A label is empty or too long, or the name is.</exception>
    public DnsName(IEnumerable<byte[]> labels)
    {
        _labels = labels.ToArray();
        if (_labels.Any(label => label.Length is 0 or > MaxLabelLength))
        {
            throw new DnsException($"A label of a DNS name has 1 to {MaxLabelLength} octets.");
        }

        if (WireLength > MaxLength)
        {
            throw new DnsException($"A DNS name has at most {MaxLength} octets.");
        }
    }

    /// <summary>The name of no labels.</summary>
    public static DnsName Root { get; } = new([]);

    /// <summary>The labels from left to right, without the root's empty one.</summary>
    public IReadOnlyList<byte[]> Labels => _labels;

    /// <summary>Octets it takes on the wire without compression.</summary>
    public int WireLength => 1 + _labels.Sum(label => label.Length + 1);

    /// <summary>The name without its left-most label; the root's parent is the root.</summary>
    public DnsName Parent => _labels.Length < 2 ? Root : new DnsName(_labels.Skip(1));

    /// <summary>The name with its letters in lower case: the form that TSIG hashes (RFC 8945 §4.3.3).</summary>
    public DnsName Canonical => new(_labels.Select(label => label.Select(Lower).ToArray()));

    /// <summary>Reads the text form: labels between dots, "\." and "\DDD" as in zone files (RFC 1035 §5.1), the final dot may be missing.</summary>
    /// <exception cref="DnsException">Not a name; one outside ASCII has to be given as A-labels (xn--…).</exception>
    public static DnsName Parse(string text)
    {
        if (text is "." or "")
        {
            return Root;
        }

        List<byte[]> labels = [];
        List<byte> label = [];
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '.')
            {
                labels.Add([.. label]);
                label.Clear();
            }
            else if (c == '\\')
            {
                label.Add(Unescape(text, ref i));
            }
            else
            {
                label.Add(c < 128 ? (byte)c : throw new DnsException($"The DNS name '{text}' holds a character outside ASCII; write it with A-labels (xn--…)."));
            }
        }

        if (label.Count > 0)
        {
            labels.Add([.. label]);
        }

        return new DnsName(labels);
    }

    /// <summary>True when it is <paramref name="ancestor"/> or lies below it.</summary>
    public bool IsAtOrBelow(DnsName ancestor)
    {
        int offset = _labels.Length - ancestor._labels.Length;
        return offset >= 0 && !ancestor._labels.Where((label, i) => !SameLabel(label, _labels[offset + i])).Any();
    }

    public bool Equals(DnsName? other) => other is not null && _labels.Length == other._labels.Length && IsAtOrBelow(other);

    public override bool Equals(object? obj) => Equals(obj as DnsName);

    public override int GetHashCode() =>
        _labels.SelectMany(label => label).Aggregate(_labels.Length, (hash, octet) => unchecked((hash * 31) + Lower(octet)));

    /// <summary>The text form without the final dot; the root is ".".</summary>
    public override string ToString() => _labels.Length == 0 ? "." : string.Join(".", _labels.Select(Escape));

    private static byte Unescape(string text, ref int i)
    {
        if (i + 1 >= text.Length)
        {
            throw new DnsException($"The DNS name '{text}' ends within an escape.");
        }

        if (text[i + 1] is < '0' or > '9')
        {
            i++;
            return text[i] < 128 ? (byte)text[i] : throw new DnsException($"The DNS name '{text}' escapes a character outside ASCII.");
        }

        if (i + 3 < text.Length && byte.TryParse(text.Substring(i + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
        {
            i += 3;
            return octet;
        }

        throw new DnsException($"The DNS name '{text}' holds an escape that is not \\ and three digits up to 255.");
    }

    private static string Escape(byte[] label)
    {
        StringBuilder text = new(label.Length);
        foreach (byte octet in label)
        {
            if (octet is (byte)'.' or (byte)'\\')
            {
                text.Append('\\').Append((char)octet);
            }
            else if (octet is > 0x20 and < 0x7F)
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append('\\').Append(octet.ToString("D3", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    private static bool SameLabel(byte[] one, byte[] other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }

        for (int i = 0; i < one.Length; i++)
        {
            if (Lower(one[i]) != Lower(other[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static byte Lower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet + 32) : octet;
}
