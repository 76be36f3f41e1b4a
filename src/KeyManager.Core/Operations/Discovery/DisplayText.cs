using System.Linq;

namespace KeyManager.Operations;

/// <summary>Text that strangers wrote, as it may be shown: on one line, nothing in it that moves a cursor, and not too long.</summary>
internal static class DisplayText
{
    private const int Longest = 1024;

    public static string Of(string text)
    {
        string plain = text.All(c => !IsUnsafe(c)) ? text : new([.. text.Select(c => IsUnsafe(c) ? '\uFFFD' : c)]);
        return plain.Length <= Longest ? plain : plain.Substring(0, Longest - 1) + "…";
    }

    // Controls, and the marks that turn the direction of writing.
    private static bool IsUnsafe(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
