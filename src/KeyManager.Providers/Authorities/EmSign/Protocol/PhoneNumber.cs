using System;
using System.Linq;

namespace KeyManager.Providers.Authorities.EmSign.Protocol;

/// <summary>A telephone number in two parts, as the API wants it.</summary>
/// <param name="CountryCode">The country code (ITU-T E.164), digits only.</param>
/// <param name="Number">The rest, digits only.</param>
internal sealed record PhoneNumber(string CountryCode, string Number)
{
    /// <summary>Country codes of two digits; 1 and 7 have one, all others three. None is the beginning of another (E.164).</summary>
    private static readonly string[] TwoDigits =
    [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58",
        "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
    ];

    /// <summary>Reads "+49 30 1234" or "0049301234"; <c>null</c> when it does not begin with a country code.</summary>
    public static PhoneNumber? Read(string text)
    {
        string trimmed = text.Trim();
        string digits = new([.. trimmed.Where(char.IsDigit)]);
        string? international = trimmed.StartsWith("+", StringComparison.Ordinal) ? digits : digits.StartsWith("00", StringComparison.Ordinal) ? digits.Substring(2) : null;
        if (international is null || international.Length < 6 || international[0] == '0')
        {
            return null;
        }

        int length = international[0] is '1' or '7' ? 1 : TwoDigits.Contains(international.Substring(0, 2)) ? 2 : 3;
        return new PhoneNumber(international.Substring(0, length), international.Substring(length));
    }
}
