using System;
using System.Formats.Asn1;

namespace KeyManager.Providers.Keys;

/// <summary>Opens what is encrypted with a password in a key file or keystore, whichever scheme was used.</summary>
internal static class PasswordEncryption
{
    /// <summary>
    /// More than any program writes (OpenSSL 2,048, Java 10,000, the advice of 2023 600,000). A file must not be able to keep a processor
    /// busy for hours: ten million take some ten seconds.
    /// </summary>
    public const int MaximumIterations = 10_000_000;

    /// <param name="algorithm">A reader at the AlgorithmIdentifier; it is consumed.</param>
    /// <param name="data">What is encrypted.</param>
    /// <param name="password"><c>null</c> is different from empty in PKCS#12 schemes.</param>
    /// <exception cref="UnusableBytesException">KmWrongPassword, or a scheme that is not known.</exception>
    public static byte[] Decrypt(AsnReader algorithm, byte[] data, string? password)
    {
        AsnReader identifier = algorithm.ReadSequence();
        string oid = identifier.ReadObjectIdentifier();
        return oid == Oids.Pbes2
            ? Pbes2.Decrypt(identifier, data, password)
            : Pbes1.TryDecrypt(oid, identifier, data, password) ?? throw Unsupported("the scheme " + oid);
    }

    public static int ReadIterations(AsnReader parameters)
    {
        int iterations = Der.ReadNumber(parameters);
        return iterations is >= 1 and <= MaximumIterations
            ? iterations
            : throw new UnusableBytesException(
                null,
                $"asks for {iterations} iterations of its key derivation, which no program writes",
                "Get the file again from where it was made.");
    }

    public static UnusableBytesException Unsupported(string what) => new(
        null,
        $"is encrypted in a way that KeyManager does not know ({what})",
        "Write it anew with AES-256 and PBKDF2, for example with 'openssl pkcs12 -export' or 'openssl pkcs8 -topk8'.");
}
