using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace KeyManager.Tests.Support.Acme;

/// <summary>A certificate request (RFC 2986) as finalize gets it (RFC 8555 §7.4).</summary>
internal sealed class ServerCsr
{
    private readonly Pkcs10CertificationRequest _request;

    private ServerCsr(Pkcs10CertificationRequest request)
    {
        _request = request;
        PublicKey = request.GetPublicKey();
        Key = Jwk.Of(PublicKey) ?? throw Bad("its key is of no kind that is certified here");
    }

    public AsymmetricKeyParameter PublicKey { get; }

    public Jwk Key { get; }

    public static ServerCsr Parse(byte[] der)
    {
        try
        {
            Pkcs10CertificationRequest request = new(der);
            if (!request.GetDerEncoded().SequenceEqual(der))
            {
                throw Bad("it is not DER from the first octet to the last");
            }

            return request.Verify() ? new ServerCsr(request) : throw Bad("its signature is wrong");
        }
        catch (Exception error) when (error is ArgumentException or IOException or InvalidCastException or GeneralSecurityException or InvalidOperationException)
        {
            throw Bad("it cannot be read");
        }
    }

    /// <summary>Its names are those of the order, no more and no less.</summary>
    public void MustBeFor(IReadOnlyList<ServedIdentifier> identifiers)
    {
        HashSet<string> ordered = [.. identifiers.Select(identifier => identifier.Value)];
        List<string> requested = [.. Names()];
        foreach (string commonName in _request.GetCertificationRequestInfo().Subject.GetValueList(X509Name.CN).Cast<string>())
        {
            if (IPAddress.TryParse(commonName, out _))
            {
                throw Bad("it has an address as its common name (RFC 8738 has it as iPAddress only)");
            }

            requested.Add(commonName.ToLowerInvariant());
        }

        if (!ordered.SetEquals(requested))
        {
            throw Bad($"it is for {string.Join(", ", requested)}, the order for {string.Join(", ", ordered)}");
        }
    }

    private static ServerProblem Bad(string why) => ServerProblem.Violation("badCSR", $"The certificate request is refused: {why}.");

    private IEnumerable<string> Names()
    {
        foreach (AttributePkcs attribute in (_request.GetCertificationRequestInfo().Attributes ?? new DerSet()).Cast<Asn1Encodable>().Select(AttributePkcs.GetInstance))
        {
            if (!attribute.AttrType.Equals(PkcsObjectIdentifiers.Pkcs9AtExtensionRequest))
            {
                continue;
            }

            X509Extension? extension = X509Extensions.GetInstance(attribute.AttrValues[0]).GetExtension(X509Extensions.SubjectAlternativeName);
            foreach (GeneralName name in extension is null ? [] : GeneralNames.GetInstance(extension.GetParsedValue()).GetNames())
            {
                yield return name.TagNo switch
                {
                    GeneralName.DnsName => DerIA5String.GetInstance(name.Name).GetString(),
                    GeneralName.IPAddress => new IPAddress(Asn1OctetString.GetInstance(name.Name).GetOctets()).ToString(),
                    _ => throw Bad("it has a subject alternative name that is neither dNSName nor iPAddress"),
                };
            }
        }
    }
}
