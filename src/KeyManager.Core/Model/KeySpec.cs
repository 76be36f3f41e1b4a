using System.Globalization;

namespace KeyManager;

/// <summary>Algorithm and length of a key, for example RSA 3072 or ECDSA P-256. Only lengths that are safe and in use exist.</summary>
public readonly record struct KeySpec
{
    private KeySpec(KeyAlgorithm algorithm, int length)
    {
        Algorithm = algorithm;
        Length = length;
    }

    /// <summary>ECDSA P-256: the default, a thousand times faster to make than RSA and understood everywhere since 2015.</summary>
    public static KeySpec Default { get; } = new(KeyAlgorithm.Ecdsa, 256);

    /// <summary>The kind of key.</summary>
    public KeyAlgorithm Algorithm { get; }

    /// <summary>Bits: 2048 to 8192 in steps of 8 for RSA; 256, 384 or 521 for ECDSA; 256 for Ed25519.</summary>
    public int Length { get; }

    /// <summary>Makes a specification; without a length the usual one of the algorithm (RSA 2048, ECDSA 256, Ed25519 256).</summary>
    /// <exception cref="InvalidRequestException">The length does not fit the algorithm (KmInvalidKeySpec).</exception>
    public static KeySpec Create(KeyAlgorithm algorithm, int? length = null)
    {
        int value = length ?? (algorithm == KeyAlgorithm.Rsa ? 2048 : 256);
        if (Find(algorithm, value) is KeySpec spec)
        {
            return spec;
        }

        string right = algorithm switch
        {
            KeyAlgorithm.Rsa => "2048 to 8192 bits, a multiple of 8",
            KeyAlgorithm.Ecdsa => "256, 384 or 521",
            _ => "256",
        };
        throw new InvalidRequestException(
            ErrorIds.InvalidKeySpec,
            string.Format(CultureInfo.InvariantCulture, "A key length of {0} is not possible for {1}.", value, algorithm))
        {
            Target = value,
            Remedy = $"Use -KeyLength {right} with -KeyAlgorithm {algorithm}.",
        };
    }

    /// <summary>The specification; <c>null</c> for a length that does not fit the algorithm.</summary>
    public static KeySpec? Find(KeyAlgorithm algorithm, int length)
    {
        bool isAllowed = algorithm switch
        {
            KeyAlgorithm.Rsa => length is >= 2048 and <= 8192 && length % 8 == 0,
            KeyAlgorithm.Ecdsa => length is 256 or 384 or 521,
            _ => length == 256,
        };
        return isAllowed ? new KeySpec(algorithm, length) : null;
    }

    /// <summary>The specification of a key that is described like this one prints, such as "RSA 3072"; <c>null</c> for a key that would not be made here.</summary>
    public static KeySpec? Find(string description)
    {
        string[] words = (description ?? "").Split(' ');
        return words.Length == 2 && words[0] == "RSA" && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            ? Find(KeyAlgorithm.Rsa, bits)
            : description switch
            {
                "ECDSA P-256" => Find(KeyAlgorithm.Ecdsa, 256),
                "ECDSA P-384" => Find(KeyAlgorithm.Ecdsa, 384),
                "ECDSA P-521" => Find(KeyAlgorithm.Ecdsa, 521),
                "Ed25519" => Find(KeyAlgorithm.Ed25519, 256),
                _ => null,
            };
    }

    public override string ToString() => Algorithm switch
    {
        KeyAlgorithm.Rsa => string.Format(CultureInfo.InvariantCulture, "RSA {0}", Length),
        KeyAlgorithm.Ecdsa => string.Format(CultureInfo.InvariantCulture, "ECDSA P-{0}", Length),
        _ => "Ed25519",
    };
}
