using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace KeyManager;

/// <summary>
/// A name that a certificate can be for: DNS name, wildcard or IP address. This is the only parser of names in KeyManager;
/// a value that exists is valid. Two names are equal when their <see cref="Ascii"/> forms are.
/// </summary>
public readonly record struct DomainName
{
    // Invariant rules: IDNA 2008 names as browsers send them; "use STD3" would refuse underscores with a useless message, we check labels ourselves.
    private static readonly IdnMapping Idn = new() { AllowUnassigned = false, UseStd3AsciiRules = false };

    private readonly string? _ascii;

    private DomainName(string ascii, DomainNameKind kind)
    {
        _ascii = ascii;
        Kind = kind;
    }

    /// <summary>The name as DNS and certificates hold it: lower case, A-labels (xn--…), no final dot; an IP address in its shortest form.</summary>
    public string Ascii => _ascii ?? "";

    /// <summary>What it is.</summary>
    public DomainNameKind Kind { get; }

    /// <summary>The name for people: A-labels shown in their own script where they can be.</summary>
    public string Unicode
    {
        get
        {
            if (Kind == DomainNameKind.IpAddress || Ascii.IndexOf("xn--", StringComparison.Ordinal) < 0)
            {
                return Ascii;
            }

            try
            {
                return Kind == DomainNameKind.Wildcard ? "*." + Idn.GetUnicode(Ascii.Substring(2)) : Idn.GetUnicode(Ascii);
            }
            catch (ArgumentException)
            {
                // An A-label that decodes to nothing sensible is still a valid DNS name.
                return Ascii;
            }
        }
    }

    /// <summary>The name without the wildcard label: the one whose control is proved.</summary>
    public string BaseName => Kind == DomainNameKind.Wildcard ? Ascii.Substring(2) : Ascii;

    /// <summary>True for *.something.</summary>
    public bool IsWildcard => Kind == DomainNameKind.Wildcard;

    /// <summary>Reads a name; surrounding white space and one final dot are ignored.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidDomainName; the message says what is wrong with it.</exception>
    public static DomainName Parse(string? text)
    {
        if (TryParse(text, out DomainName name, out string? problem))
        {
            return name;
        }

        throw new InvalidRequestException(ErrorIds.InvalidDomainName, $"'{Shorten(text)}' is not a domain name: {problem}")
        {
            Target = text,
            Remedy = "Use a name such as www.contoso.com, a wildcard such as *.contoso.com, or an IP address.",
        };
    }

    /// <summary>Reads a name without an exception.</summary>
    public static bool TryParse(string? text, out DomainName name) => TryParse(text, out name, out _);

    /// <summary>True when a certificate for this name is good for <paramref name="other"/> (RFC 6125 §6.4.3: a wildcard covers one label).</summary>
    public bool Covers(DomainName other)
    {
        if (Equals(other))
        {
            return true;
        }

        if (Kind != DomainNameKind.Wildcard || other.Kind != DomainNameKind.Dns)
        {
            return false;
        }

        int dot = other.Ascii.IndexOf('.');
        return dot > 0 && string.Equals(other.Ascii.Substring(dot + 1), BaseName, StringComparison.Ordinal);
    }

    public override string ToString() => Ascii;

    private static bool TryParse(string? text, out DomainName name, [NotNullWhen(false)] out string? problem)
    {
        name = default;
        string value = (text ?? "").Trim();
        if (value.Length == 0)
        {
            problem = "it is empty.";
            return false;
        }

        if (value.Contains("://"))
        {
            problem = "it is a URL; leave out the scheme and the path.";
            return false;
        }

        if (value.IndexOfAny(['/', '\\', '@', ' ', '\t', '\r', '\n']) >= 0)
        {
            problem = "it holds a character that no name has (a space, '/', '\\' or '@').";
            return false;
        }

        if (TryParseAddress(value, out string address))
        {
            name = new DomainName(address, DomainNameKind.IpAddress);
            problem = null;
            return true;
        }

        if (value.IndexOf(':') >= 0)
        {
            problem = "it holds a ':'; leave out the port.";
            return false;
        }

        bool wildcard = value.StartsWith("*.", StringComparison.Ordinal);
        string host = wildcard ? value.Substring(2) : value;
        if (host.IndexOf('*') >= 0)
        {
            problem = "a '*' may only stand alone as the left-most label, as in *.contoso.com.";
            return false;
        }

        if (!TryToAscii(host, out string ascii, out problem))
        {
            return false;
        }

        string[] labels = ascii.Split('.');
        if (wildcard && labels.Length < 2)
        {
            problem = "a wildcard needs at least two labels after the '*'.";
            return false;
        }

        if (ascii.Length > 253 - (wildcard ? 2 : 0))
        {
            problem = "it is longer than 253 characters.";
            return false;
        }

        problem = labels.Select(ProblemOfLabel).FirstOrDefault(p => p is not null);
        if (problem is not null)
        {
            return false;
        }

        if (labels[labels.Length - 1].All(c => c is >= '0' and <= '9'))
        {
            problem = "its last label is a number; an IPv4 address has four numbers of 0 to 255.";
            return false;
        }

        name = new DomainName(wildcard ? "*." + ascii : ascii, wildcard ? DomainNameKind.Wildcard : DomainNameKind.Dns);
        problem = null;
        return true;
    }

    private static bool TryToAscii(string host, out string ascii, [NotNullWhen(false)] out string? problem)
    {
        ascii = "";
        if (host.EndsWith(".", StringComparison.Ordinal))
        {
            host = host.Substring(0, host.Length - 1);
        }

        if (host.Length == 0 || host.StartsWith(".", StringComparison.Ordinal) || host.EndsWith(".", StringComparison.Ordinal) || host.Contains(".."))
        {
            problem = "it has an empty label (two dots in a row, or a dot at the start).";
            return false;
        }

        if (host.All(c => c < 128))
        {
            ascii = host.ToLowerInvariant();
        }
        else
        {
            try
            {
                ascii = Idn.GetAscii(host.ToLowerInvariant()).ToLowerInvariant();
            }
            catch (ArgumentException)
            {
                problem = "it cannot be written as an internationalized domain name (IDNA).";
                return false;
            }
        }

        problem = null;
        return true;
    }

    private static string? ProblemOfLabel(string label)
    {
        if (label.Length is 0 or > 63)
        {
            return label.Length == 0 ? "it has an empty label." : $"the label '{Shorten(label)}' is longer than 63 characters.";
        }

        if (label[0] == '-' || label[label.Length - 1] == '-')
        {
            return $"the label '{label}' starts or ends with '-'.";
        }

        // The Baseline Requirements (7.1.2.7.12) allow no underscore in a name for a certificate.
        return label.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
            ? null
            : $"the label '{Shorten(label)}' holds a character other than letters, digits and '-'.";
    }

    private static bool TryParseAddress(string value, out string address)
    {
        address = "";
        bool bracketed = value.Length > 2 && value[0] == '[' && value[value.Length - 1] == ']';
        string bare = bracketed ? value.Substring(1, value.Length - 2) : value;
        if (bare.IndexOf(':') >= 0)
        {
            // A zone id (%eth0) names an interface of this machine, nothing a certificate can hold.
            if (bare.IndexOf('%') >= 0 || !IPAddress.TryParse(bare, out IPAddress? v6) || v6.AddressFamily != AddressFamily.InterNetworkV6)
            {
                return false;
            }

            address = v6.ToString();
            return true;
        }

        // IPAddress.Parse takes "1", "1.2" and octal; a name in a certificate is four decimal numbers and nothing else.
        string[] parts = bare.Split('.');
        if (bracketed || parts.Length != 4 || !parts.All(p => p.Length is > 0 and <= 3 && p.All(c => c is >= '0' and <= '9') && (p.Length == 1 || p[0] != '0')))
        {
            return false;
        }

        if (parts.Any(p => int.Parse(p, CultureInfo.InvariantCulture) > 255))
        {
            return false;
        }

        address = bare;
        return true;
    }

    private static string Shorten(string? text) =>
        text is null ? "" : new string((text.Length > 80 ? text.Substring(0, 77) + "..." : text).Select(c => char.IsControl(c) ? '?' : c).ToArray());
}
