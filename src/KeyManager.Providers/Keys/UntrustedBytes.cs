using System;
using System.Formats.Asn1;
using System.IO;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;

namespace KeyManager.Providers.Keys;

/// <summary>The border between bytes from anywhere and the readers: whatever a reader throws about bytes leaves as one kind of exception.</summary>
internal static class UntrustedBytes
{
    /// <summary>Runs a reader.</summary>
    /// <param name="source">What to call the bytes in an error.</param>
    /// <param name="errorId">The error when the bytes make no sense.</param>
    /// <param name="kind">What was expected, for example "a private key".</param>
    /// <param name="remedy">What to do when the bytes make no sense.</param>
    /// <param name="read">The reader.</param>
    /// <exception cref="KeyMaterialException">Whatever is wrong with the bytes.</exception>
    public static T Read<T>(string source, string errorId, string kind, string remedy, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UnusableBytesException e)
        {
            throw new KeyMaterialException(e.ErrorId ?? errorId, $"{Sentence(source)} {e.Problem}.", e) { Target = source, Remedy = e.Remedy ?? remedy };
        }
        catch (Exception e) when (IsAboutBytes(e))
        {
            throw new KeyMaterialException(errorId, $"{Sentence(source)} is damaged or is not {kind}.", e) { Target = source, Remedy = remedy };
        }
    }

    /// <summary>
    /// True for the exceptions that parsers and ciphers throw when bytes are not what they should be. The list is wide because BouncyCastle
    /// promises no exception type: a curve point off its curve is an ArgumentException, a zero modulus an ArithmeticException, and so on.
    /// What is not in it (out of memory, a missing assembly) is not about bytes and passes.
    /// </summary>
    public static bool IsAboutBytes(Exception exception) => exception
        is UnusableBytesException
        or AsnContentException
        or FormatException
        or ArgumentException
        or ArithmeticException
        or InvalidCastException
        or IndexOutOfRangeException
        or NullReferenceException
        or InvalidOperationException
        or NotSupportedException
        or IOException
        or CryptographicException
        or CryptoException
        or GeneralSecurityException;

    /// <summary>The source as the start of a sentence; a path stays as it is.</summary>
    public static string Sentence(string source) => source.StartsWith("the ", StringComparison.Ordinal) ? "The " + source.Substring(4) : source;
}
