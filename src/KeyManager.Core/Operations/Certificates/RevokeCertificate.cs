using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Revokes a certificate at its authority and marks it in the inventory.</summary>
public sealed class RevokeCertificate(KeyManagerPorts ports)
{
    /// <summary>Revokes and answers the certificate as it then is.</summary>
    /// <exception cref="ConflictException">KmCertificateAlreadyRevoked; KmAuthorityCannot when it was imported, so that no account could revoke it.</exception>
    public async Task<Certificate> RunAsync(
        string certificateId, RevocationReason reason, string? comment, IReporter reporter, CancellationToken cancellationToken)
    {
        Certificate certificate = ports.Store.Read(session => Lookup.Certificate(session, certificateId));
        if (certificate.Status == CertificateStatus.Revoked)
        {
            throw new ConflictException(ConflictKind.State, ErrorIds.CertificateAlreadyRevoked, $"{certificate} was revoked on {certificate.RevokedAt:yyyy-MM-dd HH:mm} UTC.")
            {
                Target = certificate.Id,
                Remedy = $"Nothing is left to do. To replace it: Update-KmCertificate {certificate.Name}",
            };
        }

        if (certificate.Account is null)
        {
            throw new ConflictException(ConflictKind.State, ErrorIds.AuthorityCannot, $"{certificate} was not ordered here, so no account could revoke it.")
            {
                Target = certificate.Id,
                Remedy = "Revoke it where it was ordered.",
            };
        }

        AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, certificate.Account));
        ICertificateAuthority authority = ports.Authorities.Get(account.Authority);
        IRevokeAbility ability = ports.Authorities.Require<IRevokeAbility>(authority, "revoke");
        AuthorityContext context = Lookup.Context(ports.Store, account, reporter);
        await ability.RevokeAsync(context, certificate, reason, comment, cancellationToken).ConfigureAwait(false);
        return ports.Store.Write(session => Mark(session, certificate.Id, reason, comment));
    }

    private Certificate Mark(IStoreSession session, string certificateId, RevocationReason reason, string? comment)
    {
        // Again: a renewal may have been saved while the authority was asked.
        Certificate certificate = Lookup.Certificate(session, certificateId);
        Certificate revoked = certificate with { Status = CertificateStatus.Revoked, RevokedAt = ports.Clock.UtcNow, RevocationReason = reason };
        session.Certificates.Update(revoked);
        if (certificate.OrderId is not null && session.Orders.Find(certificate.OrderId) is CertificateOrder order)
        {
            session.Orders.Update(order with { Status = OrderStatus.Revoked, UpdatedAt = ports.Clock.UtcNow });
        }

        session.Audit.Append(new AuditEntry(
            "Certificate", "CertificateRevoked", certificate.Id, certificate.Name, $"serial {certificate.SerialNumber}, reason {reason}{(string.IsNullOrWhiteSpace(comment) ? "" : ": " + comment)}"));
        return revoked;
    }
}
