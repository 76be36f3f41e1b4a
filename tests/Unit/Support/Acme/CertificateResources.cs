using System;
using System.Linq;
using Org.BouncyCastle.X509;

namespace KeyManager.Tests.Support.Acme;

/// <summary>Download of certificates with their chains (RFC 8555 §7.4.2) and revocation (§7.6).</summary>
internal sealed class CertificateResources(ServerContext context)
{
    private const string Alternate = "/other";

    public HttpAnswer Download(SignedRequest request, string rest)
    {
        bool isAlternate = rest.EndsWith(Alternate, StringComparison.Ordinal) && context.Policy.ServesAlternateChain;
        string url = context.Url(Paths.Certificate + (isAlternate ? rest.Substring(0, rest.Length - Alternate.Length) : rest));
        ServedCertificate certificate = context.Certificates.FirstOrDefault(known => known.Url == url) ?? throw ServerProblem.NotFound();
        if (certificate.Order.Account != request.Account)
        {
            throw ServerProblem.NotYours();
        }

        request.MustRead();
        certificate.Downloads++;
        string other = isAlternate ? url : url + Alternate;
        return new HttpAnswer(200)
            .With("Content-Type", "application/pem-certificate-chain")
            .With("Link", context.Policy.ServesAlternateChain ? $"<{context.Out(other)}>;rel=\"alternate\"" : null)
            .WithBody(context.Issuer.Chain(certificate.Der, isAlternate ? 1 : 0, context.Oddities.WindowsLineEnds));
    }

    public HttpAnswer Revoke(SignedRequest request)
    {
        JsonMembers members = request.Members("revokeCert", "certificate", "reason");
        byte[] der = members.Bytes("certificate");
        long? reason = members.Number("reason");
        ServedCertificate certificate = context.Certificates.FirstOrDefault(known => known.Der.SequenceEqual(der)) ?? throw ServerProblem.NotFound();
        if (!MayRevoke(request, certificate))
        {
            throw ServerProblem.Refusal("unauthorized", "Neither the account of the certificate nor its key asks for that.", 403);
        }

        if (certificate.IsRevoked)
        {
            throw ServerProblem.Refusal("alreadyRevoked", "The certificate is revoked already.");
        }

        if (reason is not null && !context.Policy.RevocationReasons.Contains((int)reason))
        {
            throw ServerProblem.Refusal("badRevocationReason", $"Reason {reason} is not for certificates here.");
        }

        certificate.IsRevoked = true;
        certificate.RevocationReason = (int?)reason;
        return new HttpAnswer(200);
    }

    private bool MayRevoke(SignedRequest request, ServedCertificate certificate)
    {
        if (request.Account is null)
        {
            Jwk? key = Jwk.Of(new X509CertificateParser().ReadCertificate(certificate.Der).GetPublicKey());
            return key?.Thumbprint == request.Key.Thumbprint;
        }

        // Its own, or one for names that the account is authorized for all.
        return certificate.Order.Account == request.Account || certificate.Order.Identifiers.All(identifier => context.Authorizations.Any(
            known => known.Account == request.Account && known.Identifier == identifier && known.Status == "valid" && known.Expires > context.Now));
    }
}
