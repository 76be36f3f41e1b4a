using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Looks once a day, when a certificate is looked at anyway or its day has come, whether its authority has revoked it; then it is marked, and due.</summary>
internal sealed class LookUpRevocation(KeyManagerPorts ports)
{
    private static readonly TimeSpan Again = TimeSpan.FromDays(1);

    public async Task<RenewalFacts> RunAsync(RenewalFacts facts, DateTimeOffset now, IReporter reporter, CancellationToken cancellationToken)
    {
        Certificate certificate = facts.Certificate;
        if (ports.Revocation is null || facts.Order is null || certificate.Status != CertificateStatus.Valid || facts.Policy?.IsEnabled == false || facts.State?.RevocationLookAt > now
            || !HasList(certificate))
        {
            return facts;
        }

        IReadOnlyList<byte[]> chain = ports.Store.Read(session => session.Certificates.GetChain(certificate.Id));
        RenewalState state = (facts.State ?? new RenewalState { LineageId = certificate.LineageId }) with { RevocationLookAt = now + Again };
        if (await ports.Revocation.FindAsync(certificate, chain, reporter, cancellationToken).ConfigureAwait(false) is not (DateTimeOffset at, RevocationReason reason))
        {
            return facts with { State = state };
        }

        reporter.Warn($"{certificate} was revoked by its authority on {RenewalTimes.Day(at)} ({reason}).");
        Certificate revoked = ports.Store.Write(session =>
        {
            Certificate marked = Lookup.Certificate(session, certificate.Id) with { Status = CertificateStatus.Revoked, RevokedAt = at, RevocationReason = reason };
            session.Certificates.Update(marked);
            session.Audit.Append(new AuditEntry("Certificate", "RevocationFound", marked.Id, marked.Name, $"serial {marked.SerialNumber}, reason {reason}, by the revocation list"));
            return marked;
        });
        return facts with { Certificate = revoked, State = state };
    }

    /// <summary>The identifier of the extension that names the list, 2.5.29.31, stands in the bytes: most that have none need not be taken apart.</summary>
    private static bool HasList(Certificate certificate)
    {
        byte[] der = certificate.RawData;
        for (int i = 0; i + 4 < der.Length; i++)
        {
            if (der[i] == 0x06 && der[i + 1] == 0x03 && der[i + 2] == 0x55 && der[i + 3] == 0x1D && der[i + 4] == 0x1F)
            {
                return true;
            }
        }

        return false;
    }
}
