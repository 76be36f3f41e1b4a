using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Keystores;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;

namespace KeyManager.Providers.Challenges.Listening;

/// <summary>The self-signed certificate that is the proof of a tls-alpn-01 challenge (RFC 8737 §3): for one name, with the hash of the key authorization.</summary>
internal static class ValidationCertificate
{
    /// <summary>The name that the authority asks for: the name itself; for an address the one of its reverse lookup (RFC 8738 §6).</summary>
    public static string ServerName(DomainName name)
    {
        if (name.Kind != DomainNameKind.IpAddress)
        {
            return name.BaseName;
        }

        IPAddress address = IPAddress.Parse(name.Ascii);
        IEnumerable<byte> bytes = Enumerable.Reverse(address.GetAddressBytes());
        return address.AddressFamily == AddressFamily.InterNetwork
            ? string.Join(".", bytes.Select(b => b.ToString(CultureInfo.InvariantCulture))) + ".in-addr.arpa"
            : string.Join(".", bytes.SelectMany(b => new[] { b & 15, b >> 4 }).Select(digit => digit.ToString("x", CultureInfo.InvariantCulture))) + ".ip6.arpa";
    }

    /// <summary>A new one with a new key, ready for a server.</summary>
    public static X509Certificate2 Make(DomainName name, string keyAuthorization, DateTimeOffset now)
    {
        using KeyPair key = new KeyTools().Generate(KeySpec.Default);
        string password = Hashes.ToHex(SecureRandomness.Bytes(16));
        byte[] keystore = new Pkcs12Format(iterations: 1).Write(
            [new KeystoreEntry { Alias = "", Key = key, Certificates = [Sign(name, keyAuthorization, key, now)] }],
            new KeystoreOptions
            {
                Password = password,

                // It never leaves this process, and Windows Server 2016 reads nothing else.
                Pkcs12Protection = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? Pkcs12Protection.Legacy : Pkcs12Protection.Modern,
            });
        try
        {
            // Not EphemeralKeySet: the TLS of Windows takes no such key for a server.
            return new X509Certificate2(keystore, password, X509KeyStorageFlags.DefaultKeySet);
        }
        finally
        {
            Array.Clear(keystore, 0, keystore.Length);
        }
    }

    private static byte[] Sign(DomainName name, string keyAuthorization, KeyPair key, DateTimeOffset now)
    {
        X509Name subject = new("CN=ACME challenge");
        X509ExtensionsGenerator extensions = new();
        extensions.AddExtension(X509Extensions.SubjectAlternativeName, false, SubjectAltName.Encode([DomainName.Parse(name.BaseName)]));
        extensions.AddExtension(new DerObjectIdentifier(Oids.AcmeIdentifier), true, new DerOctetString(Hashes.Sha256(Encoding.ASCII.GetBytes(keyAuthorization))));
        V3TbsCertificateGenerator generator = new();
        generator.SetSerialNumber(new DerInteger(new BigInteger(126, SecureRandomness.Generator).SetBit(126)));
        generator.SetSubject(subject);
        generator.SetIssuer(subject);
        generator.SetStartDate(new Time(now.AddDays(-1).UtcDateTime));
        generator.SetEndDate(new Time(now.AddDays(7).UtcDateTime));
        generator.SetSubjectPublicKeyInfo(SubjectPublicKeyInfo.GetInstance(Asn1Object.FromByteArray(key.SubjectPublicKeyInfo)));
        generator.SetExtensions(extensions.Generate());
        generator.SetSignature(AlgorithmIdentifier.GetInstance(Asn1Object.FromByteArray(SignatureAlgorithm.Identify(key.Spec.Algorithm, SignatureHash.SHA256))));
        return SignedStructure.Sign(generator.GenerateTbsCertificate().GetEncoded(), PrivateKey.Decode(key.Pkcs8, isOurs: true), SignatureHash.SHA256);
    }
}
