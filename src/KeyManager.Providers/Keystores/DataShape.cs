using System;
using System.Formats.Asn1;
using System.Linq;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Keystores;

/// <summary>Guesses what bytes are that no keystore format claims: to choose a reader, or to tell the user what was taken for a keystore.</summary>
internal static class DataShape
{
    private const uint JceksMagic = 0xCECECECE;

    /// <summary>By the outline only; the reader then finds out whether it is whole.</summary>
    public static DataShapeKind Of(byte[] data)
    {
        try
        {
            if (Pkcs7.IsIt(data))
            {
                return DataShapeKind.Certificates;
            }

            if (EncryptedKey.IsIt(data))
            {
                return DataShapeKind.PrivateKey;
            }

            AsnReader sequence = Der.OpenSequence(data);
            if (Der.NextIs(sequence, UniversalTagNumber.Integer))
            {
                return DataShapeKind.PrivateKey;
            }

            return IsSigned(sequence) && !IsRequest(data) ? DataShapeKind.Certificates : DataShapeKind.Unknown;
        }
        catch (AsnContentException)
        {
            return DataShapeKind.Unknown;
        }
    }

    /// <summary>What the data looks like, to go behind a colon, and what to do.</summary>
    public static (string Looks, string Remedy) Describe(byte[] data)
    {
        if (JksFormat.StartsWith(data, JceksMagic))
        {
            return (
                "it is a JCEKS keystore, a Java form that KeyManager does not read",
                "Convert a copy: keytool -importkeystore -srckeystore <file> -srcstoretype JCEKS -destkeystore <new>.p12 -deststoretype PKCS12");
        }

        if (IsRequest(data))
        {
            return ("it is a certificate request", "Import it with Import-KmCsr.");
        }

        // A text that starts with the digit 0 goes on in ASCII; ASN.1 of any size worth reading does not.
        if (data.Length > 1 && data[0] == 0x30 && data[1] >= 0x80)
        {
            return ("it is ASN.1, but of another kind or cut short", KeystoreErrors.Remedy);
        }

        if (data[0] == 'P' && data.Length > 1 && data[1] == 'K')
        {
            return ("it looks like a ZIP archive", "Unpack it and give the file inside.");
        }

        string text = PemText.Decode(data.Take(512).ToArray()).TrimStart();
        if (text.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal))
        {
            text = text.Substring(3).TrimStart();
        }

        if (text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
        {
            return ("it looks like a web page (HTML), such as a sign-in or error page", "Download the file again, signed in.");
        }

        if (text.StartsWith("PuTTY-User-Key-File", StringComparison.Ordinal))
        {
            return ("it is a PuTTY key", "Export it with PuTTYgen: Conversions, Export OpenSSH key; or puttygen <file> -O private-openssh.");
        }

        return text.All(c => c is '\t' or '\r' or '\n' or (>= ' ' and not '\u007F' and not (>= '\u0080' and <= '\u009F')))
            ? ("it looks like plain text without a -----BEGIN …----- line", KeystoreErrors.Remedy)
            : ("its first bytes are not those of any format that KeyManager knows", KeystoreErrors.Remedy);
    }

    /// <summary>Sequence, algorithm, bit string.</summary>
    private static bool IsSigned(AsnReader sequence)
    {
        if (!Der.NextIs(sequence, UniversalTagNumber.Sequence))
        {
            return false;
        }

        sequence.ReadEncodedValue();
        if (!Der.NextIs(sequence, UniversalTagNumber.Sequence))
        {
            return false;
        }

        sequence.ReadEncodedValue();
        return Der.NextIs(sequence, UniversalTagNumber.BitString);
    }

    /// <summary>PKCS#10: what is signed has version 0, a name and then at once a key; a certificate has more numbers and dates before.</summary>
    private static bool IsRequest(byte[] data)
    {
        try
        {
            AsnReader info = Der.OpenSequence(data).ReadSequence();
            if (!Der.NextIs(info, UniversalTagNumber.Integer) || Der.ReadNumber(info) != 0)
            {
                return false;
            }

            info.ReadSequence();
            AsnReader key = info.ReadSequence();
            return Der.NextIs(key, UniversalTagNumber.Sequence);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
