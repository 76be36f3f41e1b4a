using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Keys;

/// <summary>Private keys as RSA, ECDSA and Ed25519, in every usual file form. Has no state; safe for several threads.</summary>
public sealed class KeyTools : IKeyTools
{
    /// <summary>
    /// Iterations of PBKDF2 for an encrypted PEM key. A key file is opened rarely and attacked offline, so a tenth of a second is a fair price:
    /// this is OpenSSL's 2,048 a hundred times over and a third of what OWASP asked for in 2023, low enough for every reader's limit
    /// (.NET stops at 300,000, in a PKCS#12 file).
    /// </summary>
    internal const int PemIterations = 200_000;

    private const string Remedy = "Give a private key as PEM or DER: PKCS#8, PKCS#1 or SEC1.";

    public KeyPair Generate(KeySpec spec)
    {
        // default(KeySpec) is not one that Create gives.
        KeySpec checkedSpec = KeySpec.Create(spec.Algorithm, spec.Length);
        return KeyGenerator.Generate(checkedSpec).ToKeyPair();
    }

    public KeyPair Read(byte[] data, string? password, string source)
    {
        Guard.NotNull(data);
        return UntrustedBytes.Read(
            source, ErrorIds.PrivateKeyUnreadable, "a private key", Remedy, () => Decode(data, password).ToKeyPair());
    }

    public KeyPair FromPkcs8(byte[] pkcs8)
    {
        Guard.NotNull(pkcs8);
        return UntrustedBytes.Read(
            "The stored private key", ErrorIds.PrivateKeyUnreadable, "a private key", Remedy, () => PrivateKey.Decode(pkcs8).ToKeyPair());
    }

    public byte[] ToPem(KeyPair key, string? password)
    {
        Guard.NotNull(key);
        string text = string.IsNullOrEmpty(password)
            ? Pem.Encode(PemBlock.PrivateKey, key.Pkcs8)
            : Pem.Encode(PemBlock.EncryptedPrivateKey, EncryptedKey.Encode(Pbes2.Encrypt(key.Pkcs8, password!, PemIterations)));
        return Encoding.ASCII.GetBytes(text);
    }

    /// <summary>Reads one block that <see cref="PemBlock.IsPrivateKey"/>.</summary>
    /// <exception cref="UnusableBytesException">Whatever is wrong.</exception>
    internal static PrivateKey Decode(PemBlock block, string? password)
    {
        if (block.Label == "OPENSSH PRIVATE KEY")
        {
            throw new UnusableBytesException(
                null, "holds a key in OpenSSH's own form", "Rewrite a copy of it with: ssh-keygen -p -m PEM -f <copy>");
        }

        return OpenSslLegacyKey.IsIt(block)
            ? OpenSslLegacyKey.Decrypt(block, RequirePassword(password))
            : DecodeDer(block.Data, password);
    }

    private static PrivateKey Decode(byte[] data, string? password)
    {
        if (data.Length == 0)
        {
            throw new UnusableBytesException(null, "is empty");
        }

        if (!PemText.IsIn(data))
        {
            return DecodeDer(data, password);
        }

        IReadOnlyList<PemBlock> blocks = PemText.Read(data);
        PemBlock? key = blocks.FirstOrDefault(b => b.IsPrivateKey);
        return key is not null
            ? Decode(key, password)
            : throw new UnusableBytesException(null, $"holds no private key, only: {string.Join(", ", blocks.Select(b => b.Label).Distinct())}");
    }

    private static PrivateKey DecodeDer(byte[] der, string? password) =>
        EncryptedKey.IsIt(der) ? EncryptedKey.Decrypt(der, RequirePassword(password)) : PrivateKey.Decode(der);

    private static string RequirePassword(string? password) => string.IsNullOrEmpty(password)
        ? throw new UnusableBytesException(ErrorIds.KeystorePasswordRequired, "holds a private key that is encrypted", "Give its password.")
        : password!;
}
