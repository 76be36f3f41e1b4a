using System.Security.Cryptography;

namespace KeyManager;

/// <summary>
/// Makes the identifiers of stored things: 12 characters of Crockford's base 32 in lower case, 60 random bits. Unique across stores, so that
/// parts of one store can move into another, and short enough to type.
/// </summary>
public static class Identifier
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Makes a new one.</summary>
    public static string New()
    {
        byte[] bytes = new byte[12];
        using (RandomNumberGenerator generator = RandomNumberGenerator.Create())
        {
            generator.GetBytes(bytes);
        }

        char[] text = new char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            text[i] = Alphabet[bytes[i] & 31];
        }

        return new string(text);
    }
}
