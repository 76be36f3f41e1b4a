using System.Linq;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Dns;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Changes how an order goes on, and what its renewals repeat. The authority hears nothing of it.</summary>
public sealed class ChangeOrder(KeyManagerPorts ports)
{
    /// <exception cref="ConflictException">KmOrderBusy: a command is working on it; KmChallengeStillPublished: proofs of it are published, and have to be taken away the way they were made.</exception>
    /// <exception cref="InvalidRequestException">KmAuthorityCannot, KmInvalidParameter: it could never be proved that way.</exception>
    public CertificateOrder Run(string orderId, OrderChange change)
    {
        Guard.NotNull(change);
        using Lease lease = Lease.OnOrder(ports, orderId, out _);
        return ports.Store.Write(session =>
        {
            CertificateOrder order = Lookup.Order(session, orderId);
            if (order.Challenges.FirstOrDefault(c => c.PublishedBy is not null) is Challenge published && (change.ChangesPublisher || change.ChallengeType is not null))
            {
                throw new ConflictException(ConflictKind.State, ErrorIds.ChallengeStillPublished, $"The proof for {published.DomainName} of order {order} is published.")
                {
                    Target = order.Id,
                    Remedy = $"Take it away first: Unpublish-KmChallenge {order.Id}",
                };
            }

            CertificateOrder changed = Apply(session, order, change) with { UpdatedAt = ports.Clock.UtcNow };
            session.Orders.Update(changed);
            LookAgain(session, changed);
            session.Audit.Append(new AuditEntry("Order", "OrderChanged", order.Id, order.Name, Describe(order, changed)));
            return changed;
        });
    }

    /// <summary>The next sweep looks at the entry, whatever it has decided before.</summary>
    internal static void LookAgain(IStoreSession session, CertificateOrder order)
    {
        if (order.LineageId is string lineage && session.Renewals.Find(lineage) is RenewalState state)
        {
            session.Renewals.Put(state with { NextLook = default });
        }
    }

    private CertificateOrder Apply(IStoreSession session, CertificateOrder order, OrderChange change)
    {
        CertificateOrder changed = order with
        {
            AutoRenew = change.ChangesAutoRenew ? change.AutoRenew : order.AutoRenew,
            DaysBeforeExpiry = change.ChangesDaysBeforeExpiry ? change.DaysBeforeExpiry : order.DaysBeforeExpiry,
            DeployTargets = change.DeployTargets is null ? order.DeployTargets : DeployAccess.Names(session, change.DeployTargets),
            ChallengeType = change.ChallengeType ?? order.ChallengeType,
        };
        if (!change.ChangesPublisher && change.ChallengeType is null)
        {
            return changed;
        }

        if (change.ChangesPublisher)
        {
            changed = changed with
            {
                WebRootPath = change.WebRootPath,
                ListenAddress = change.ListenAddress,
                ChallengeScript = change.ChallengeScript,
                DnsAccount = string.IsNullOrEmpty(change.DnsAccount) ? null : DnsAccess.UsableAccount(session, change.DnsAccount!).Name,
            };
        }

        AuthorityDescription authority = ports.Authorities.Get(order.Authority).Description;
        changed = changed with { ChallengeType = Proof(authority, changed, change) };
        foreach (IOrderCheck solver in ports.Solvers.OfType<IOrderCheck>())
        {
            solver.Check(changed);
        }

        return changed;
    }

    /// <summary>The way that was asked for; else the one there was, unless the new publisher is for another kind of proof.</summary>
    private static ChallengeType? Proof(AuthorityDescription authority, CertificateOrder changed, OrderChange change)
    {
        if (change.ChallengeType is ChallengeType wanted)
        {
            return authority.ChallengeTypes.Contains(wanted) ? wanted : throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"{authority.Title} does not check {wanted}.")
            {
                Target = wanted,
                Remedy = $"It checks {string.Join(", ", authority.ChallengeTypes)}.",
            };
        }

        bool wantsFile = change.WebRootPath is not null || change.ListenAddress is not null;
        bool wantsRecord = change.DnsAccount is not null;
        bool fits = changed.ChallengeType is not ChallengeType now || (wantsFile ? now.IsFile() || now == ChallengeType.TlsAlpn01 : !wantsRecord || now.IsRecord());
        return fits ? changed.ChallengeType : PlanDetails.UsualProof(authority, wantsFile);
    }

    private static string Describe(CertificateOrder before, CertificateOrder after) => AuditDetail.Join(
    [
        AuditDetail.Of("renewed by itself", before.AutoRenew, after.AutoRenew),
        AuditDetail.Of("days before its end", before.DaysBeforeExpiry, after.DaysBeforeExpiry),
        AuditDetail.Of("proof", before.ChallengeType, after.ChallengeType),
        AuditDetail.Of("web root", before.WebRootPath, after.WebRootPath),
        AuditDetail.Of("listener", before.ListenAddress, after.ListenAddress),
        AuditDetail.Of("script", before.ChallengeScript, after.ChallengeScript),
        AuditDetail.Of("DNS account", before.DnsAccount, after.DnsAccount),
        AuditDetail.Of("targets", string.Join(", ", before.DeployTargets), string.Join(", ", after.DeployTargets)),
    ]);
}
