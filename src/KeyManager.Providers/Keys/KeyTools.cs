using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Keys;

/// <summary>Private keys as RSA, ECDSA and Ed25519, in every usual file form. Has no state; safe for several threads.</summary>
public sealed class KeyTools : IKeyTools
{
    /// <summary>
    /// Iterations of PBKDF2 for an encrypted PEM key: fifty times OpenSSL's. A key file is attacked offline, so more is better; but each
    /// reading pays too, a fifth of a second here in managed code, and a renewal of a hundred certificates must not take minutes.
    /// </summary>
    internal const int PemIterations = 100_000;

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
            "The stored private key", ErrorIds.PrivateKeyUnreadable, "a private key", Remedy, () => PrivateKey.Decode(pkcs8, isOurs: true).ToKeyPair());
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
