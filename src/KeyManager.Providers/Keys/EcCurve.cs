using System.Collections.Generic;
using System.Linq;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;

namespace KeyManager.Providers.Keys;

/// <summary>One of the three curves that public authorities sign (NIST P-256, P-384, P-521).</summary>
internal sealed class EcCurve
{
    private static readonly IReadOnlyList<EcCurve> All = [new(256, Oids.P256), new(384, Oids.P384), new(521, Oids.P521)];

    private EcCurve(int length, string oid)
    {
        Length = length;
        Oid = oid;
        Domain = FindDomain(oid)!; // the three are in every BouncyCastle
    }

    /// <summary>Bits.</summary>
    public int Length { get; }

    public string Oid { get; }

    public ECDomainParameters Domain { get; }

    /// <summary>Bytes of a private value or of one coordinate.</summary>
    public int ByteLength => (Length + 7) / 8;

    public static EcCurve OfLength(int length) => All.Single(c => c.Length == length);

    /// <summary>The curve; <c>null</c> when it is not one of the three.</summary>
    public static EcCurve? Find(string oid) => All.SingleOrDefault(c => c.Oid == oid);

    /// <exception cref="UnusableBytesException">KmKeyTooWeak: another curve.</exception>
    public static EcCurve Require(string oid) => Find(oid) ?? throw new UnusableBytesException(
        ErrorIds.KeyTooWeak,
        $"holds a key on the curve {NameOf(oid)}, which no public authority signs",
        "Make a new key on P-256, P-384 or P-521, or an RSA key.");

    /// <summary>Any curve that BouncyCastle knows, for verifying other people's signatures; <c>null</c> when unknown.</summary>
    public static ECDomainParameters? FindDomain(string oid)
    {
        // The first table holds faster arithmetic for the curves it knows.
        DerObjectIdentifier identifier = new(oid);
        X9ECParameters? parameters = CustomNamedCurves.GetByOid(identifier) ?? ECNamedCurveTable.GetByOid(identifier);
        return parameters is null ? null : new ECDomainParameters(parameters.Curve, parameters.G, parameters.N, parameters.H);
    }

    public static string NameOf(string oid) => oid switch
    {
        Oids.P256 => "P-256",
        Oids.P384 => "P-384",
        Oids.P521 => "P-521",
        _ => ECNamedCurveTable.GetName(new DerObjectIdentifier(oid)) ?? oid,
    };
}
