using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace KeyManager.Tests.Support.Acme;

/// <summary>The authority behind the server: one issuing key, certified by two roots, so that there are two chains. Made once for all servers.</summary>
internal sealed class ServerIssuer
{
    private const string Name = "CN=Strict Issuing CA";
    private static readonly Lazy<Material> Shared = new(() => new Material());

    public IReadOnlyList<byte[]> Roots => Shared.Value.Roots;

    public IReadOnlyList<byte[]> Intermediates => Shared.Value.Intermediates;

    public string AuthorityKeyId => Base64Url.Encode(CertificateForge.KeyId(Shared.Value.Key.Public));

    public IssuedLeaf Issue(ServerCsr request, ServedOrder order, AcmeProfile profile, DateTimeOffset now, CertificateFault fault)
    {
        // An hour back, for clients whose clock is behind.
        DateTimeOffset notBefore = order.NotBefore ?? now.AddHours(-1);
        DateTimeOffset notAfter = order.NotAfter ?? notBefore + profile.Validity - TimeSpan.FromSeconds(1);
        (notBefore, notAfter) = fault switch
        {
            CertificateFault.Expired => (now.AddDays(-10), now.AddDays(-1)),
            CertificateFault.NotYetValid => (now.AddDays(1), now.AddDays(1) + profile.Validity),
            _ => (notBefore, notAfter),
        };
        string[] names = [.. order.Identifiers.Select(identifier => identifier.Value)];
        string[] certified = fault switch
        {
            CertificateFault.OtherNames => ["somebody-else.example"],
            CertificateFault.MissingName => names.Length > 1 ? [.. names.Take(names.Length - 1)] : ["somebody-else.example"],
            _ => names,
        };
        string? commonName = profile.HasCommonName ? certified.FirstOrDefault(name => !IPAddress.TryParse(name, out _) && name.Length <= 64) : null;
        AsymmetricKeyParameter key = fault == CertificateFault.OtherKey ? CertificateForge.NewKey().Public : request.PublicKey;
        AsymmetricCipherKeyPair signer = fault == CertificateFault.WrongSignature ? CertificateForge.NewKey() : Shared.Value.Key;
        BigInteger serial = CertificateForge.NewSerial();
        byte[] der = CertificateForge.Leaf(serial, commonName, certified, key, Name, Shared.Value.Key, signer, notBefore, notAfter);
        return new IssuedLeaf(der, AuthorityKeyId + "." + Base64Url.Encode(serial.ToByteArray()), notBefore, notAfter);
    }

    /// <summary>The leaf and what leads to one of the roots, without the root, as PEM.</summary>
    public string Chain(byte[] leaf, int root, bool windowsLineEnds)
    {
        string text = Encode(leaf) + Encode(Intermediates[root]);
        return windowsLineEnds ? text.Replace("-----END CERTIFICATE-----\n", "-----END CERTIFICATE-----\n\n").Replace("\n", "\r\n") : text;
    }

    private static string Encode(byte[] der)
    {
        StringBuilder text = new("-----BEGIN CERTIFICATE-----\n");
        string content = Convert.ToBase64String(der);
        for (int i = 0; i < content.Length; i += 64)
        {
            text.Append(content, i, Math.Min(64, content.Length - i)).Append('\n');
        }

        return text.Append("-----END CERTIFICATE-----\n").ToString();
    }

    private sealed class Material
    {
        public Material()
        {
            const string first = "CN=Strict Root 1";
            const string second = "CN=Strict Root 2";
            AsymmetricCipherKeyPair firstKey = CertificateForge.NewKey();
            AsymmetricCipherKeyPair secondKey = CertificateForge.NewKey();
            Key = CertificateForge.NewKey();
            Roots = [CertificateForge.Authority(first, firstKey, first, firstKey), CertificateForge.Authority(second, secondKey, second, secondKey)];
            Intermediates = [CertificateForge.Authority(Name, Key, first, firstKey), CertificateForge.Authority(Name, Key, second, secondKey)];
        }

        public AsymmetricCipherKeyPair Key { get; }

        public IReadOnlyList<byte[]> Roots { get; }

        public IReadOnlyList<byte[]> Intermediates { get; }
    }
}
