using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Fetches the certificate of an issued order, checks that it is the one that was ordered, and keeps it with the order or saves it.</summary>
internal sealed class CollectCertificate(KeyManagerPorts ports)
{
    /// <summary>A clock may be behind by so much before certificates seem to come from the future.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromHours(1);

    private readonly OrderJournal _journal = new(ports);
    private readonly SaveCertificate _save = new(ports);

    /// <summary>
    /// With <paramref name="save"/> both in one transaction. Where the inventory has no room, the certificate is kept and the order stays Available.
    /// One that the authority announces and does not hand out yet leaves the order Processing.
    /// </summary>
    public async Task<CertificateOrder> RunAsync(
        AuthorityContext context, ICertificateAuthority authority, CertificateOrder order, bool save, CancellationToken cancellationToken)
    {
        IssuedCertificate issued;
        try
        {
            issued = await authority.DownloadAsync(context, order, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthorityException error) when (error.ErrorId == ErrorIds.CertificateNotReady)
        {
            context.Reporter.Verbose(error.Message);
            return _journal.Save(order with { Status = OrderStatus.Processing }, Durability.Deferred);
        }

        CertificateContent leaf = ports.Certificates.Parse(issued.Leaf);
        Check(order, leaf);
        IReadOnlyList<CertificateContent> chain = ports.Certificates.OrderChain(leaf, issued.Chain.Select(ports.Certificates.Parse));
        if (issued.Chain.Count > 0 && chain.Count == 0 && !leaf.IsSelfSigned)
        {
            throw Wrong(order, ErrorIds.CertificateWrong, "was signed by none of the certificates that came with it");
        }

        CertificateOrder collected = ports.Store.Write(
            session =>
            {
                // Somebody may have taken the order over when our lease ran out, and be further than we are.
                CertificateOrder stored = Lookup.Order(session, order.Id);
                bool isTaken = stored.Step == OrderStep.Collected;
                CertificateOrder kept = isTaken ? stored : Keep(session, order, leaf, chain);
                if (save && kept.IsUnsaved && Quota.HasRoom(session, kept.Name))
                {
                    return _save.Save(session, kept).Order;
                }

                return isTaken ? kept : _journal.Save(session, kept, null);
            },
            save ? Durability.Immediate : Durability.Deferred); // what is not saved the authority hands out again
        context.Reporter.Verbose($"{(collected.IsUnsaved ? "Collected" : "Saved")} the certificate {collected.Name}, good until {leaf.NotAfter:yyyy-MM-dd}.");
        return collected;
    }

    /// <summary>Stores the certificate, and answers the order with it, which the caller stores.</summary>
    private CertificateOrder Keep(IStoreSession session, CertificateOrder order, CertificateContent leaf, IReadOnlyList<CertificateContent> chain)
    {
        Certificate? known = session.Certificates.FindBySha256(leaf.Sha256Thumbprint);
        string lineageId = known?.LineageId ?? session.Certificates.FindLineage(order.Name) ?? Identifier.New();
        Certificate certificate = known ?? NewVersion.Of(session, ports.Clock, order.Name, lineageId, leaf) with
        {
            PrivateKeyId = order.PrivateKeyId ?? session.PrivateKeys.FindByPublicKeyHash(KeyVault.HashOf(leaf.SubjectPublicKeyInfo))?.Id,
            Account = order.Account,
            Authority = order.Authority,
            OrderId = order.Id,
            KeystoreType = order.KeystoreType,
            Origin = order.Origin,
            Labels = order.Labels,
        };
        if (known is null)
        {
            session.Certificates.Add(certificate, chain.Select(c => c.Der).ToList());
        }

        OrderJournal.Tell(session, order, "CertificateIssued");
        return order with
        {
            CertificateId = certificate.Id,
            LineageId = lineageId,
            Step = OrderStep.Collected,
            Status = order.RenewsCertificateId is null ? OrderStatus.Available : OrderStatus.Renewed,
            ErrorId = null,
            ErrorDetail = null,
        };
    }

    private void Check(CertificateOrder order, CertificateContent leaf)
    {
        byte[]? expected = order.Csr is null ? null : ports.Requests.ReadStored(order.Csr, $"order {order}").SubjectPublicKeyInfo;
        if (expected is not null && !expected.SequenceEqual(leaf.SubjectPublicKeyInfo))
        {
            throw Wrong(order, ErrorIds.KeyMismatch, "holds another key than the one that was ordered");
        }

        List<DomainName> missing = order.DomainNames.Where(wanted => !leaf.DomainNames.Contains(wanted)).ToList();
        if (missing.Count > 0)
        {
            throw Wrong(order, ErrorIds.CertificateWrong, $"lacks {string.Join(", ", missing)}");
        }

        if (leaf.NotBefore > ports.Clock.UtcNow + MostSkew)
        {
            throw Wrong(order, ErrorIds.CertificateWrong, $"is good from {leaf.NotBefore:yyyy-MM-dd HH:mm} UTC on only");
        }

        if (leaf.NotAfter <= ports.Clock.UtcNow)
        {
            throw Wrong(order, ErrorIds.CertificateWrong, $"ran out on {leaf.NotAfter:yyyy-MM-dd HH:mm} UTC already");
        }
    }

    private static KeyMaterialException Wrong(CertificateOrder order, string errorId, string what) =>
        new(errorId, $"The certificate that {order.Authority} issued for order {order} {what}. It was not taken.")
        {
            Target = order.Id,
            Remedy = "Check the clock of this machine, and ask the authority; order again with -Force when it was a mistake.",
        };
}
