using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Keystores;

/// <summary>Reads one JKS file, version 1 or 2 (sun.security.provider.JavaKeyStore).</summary>
internal sealed class JksReader(byte[] data, string? password)
{
    private readonly JavaInput _input = new(data);
    private readonly List<(string Alias, byte[]? Key, IReadOnlyList<byte[]> Certificates)> _entries = [];
    private uint _version;

    /// <exception cref="UnusableBytesException">Whatever is wrong.</exception>
    public IReadOnlyList<KeystoreEntry> Read()
    {
        ReadStructure();
        CheckDigest();
        List<KeystoreEntry> entries = [];
        try
        {
            foreach ((string alias, byte[]? key, IReadOnlyList<byte[]> certificates) in _entries)
            {
                // CheckDigest has asked for a password where there is a key.
                entries.Add(new KeystoreEntry { Alias = alias, Key = key is null ? null : Recover(key, password!), Certificates = certificates });
            }

            return entries;
        }
        catch
        {
            KeystoreErrors.Dispose(entries.Select(e => e.Key));
            throw;
        }
    }

    /// <summary>SHA-1 of the password, a phrase by which the author is remembered, and everything before the digest.</summary>
    public static byte[] ComputeDigest(string password, byte[] content) =>
        Hashes.Sha1([.. PasswordBytes.Java(password), .. Encoding.ASCII.GetBytes("Mighty Aphrodite"), .. content]);

    private void ReadStructure()
    {
        if (_input.ReadNumber() != JksFormat.Magic)
        {
            throw new FormatException("Not the magic number.");
        }

        _version = _input.ReadNumber();
        if (_version is not (1 or 2))
        {
            throw new UnusableBytesException(null, $"is a Java keystore of version {_version}; 1 and 2 exist");
        }

        uint count = _input.ReadNumber();
        for (uint i = 0; i < count; i++)
        {
            uint kind = _input.ReadNumber();
            string alias = _input.ReadText();
            _input.ReadRaw(8); // when it was added
            switch (kind)
            {
                case JksFormat.KeyEntry:
                    byte[] key = _input.ReadBlock();
                    uint length = _input.ReadNumber();
                    List<byte[]> chain = [];
                    for (uint k = 0; k < length; k++)
                    {
                        chain.Add(ReadCertificate());
                    }

                    _entries.Add((alias, key, chain));
                    break;
                case JksFormat.CertificateEntry:
                    _entries.Add((alias, null, [ReadCertificate()]));
                    break;
                default:
                    throw new FormatException("Not a kind of entry.");
            }
        }
    }

    private byte[] ReadCertificate()
    {
        // Version 1 knew no other kind than X.509 and did not name it.
        if (_version == 2 && _input.ReadText() is not ("X.509" or "X509"))
        {
            throw new UnusableBytesException(null, "holds a certificate that is not X.509");
        }

        byte[] certificate = _input.ReadBlock();
        CertificateReader.Read(certificate);
        return certificate;
    }

    private void CheckDigest()
    {
        byte[] content = data.Take(_input.Position).ToArray();
        byte[] digest = _input.ReadRaw(20);
        if (string.IsNullOrEmpty(password))
        {
            // Certificates are not secret; Java too shows them without a password, then without checking the digest.
            if (_entries.Any(e => e.Key is not null))
            {
                throw new UnusableBytesException(ErrorIds.KeystorePasswordRequired, "is protected with a password", "Give its password.");
            }
        }
        else if (!Hashes.AreEqual(ComputeDigest(password!, content), digest))
        {
            throw BlockCiphers.WrongPassword();
        }
    }

    private static KeyPair Recover(byte[] encryptedKey, string password)
    {
        byte[] plain = JksKeyProtector.Recover(encryptedKey, password);
        KeyPair key = PrivateKey.Decode(plain).ToKeyPair();
        Array.Clear(plain, 0, plain.Length);
        return key;
    }
}
