using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Everything that decides whether and when a certificate is renewed, read in one go.</summary>
internal sealed record RenewalFacts
{
    public required Certificate Certificate { get; init; }

    /// <summary>The order to repeat; <c>null</c> when there is none.</summary>
    public CertificateOrder? Order { get; init; }

    /// <summary>A renewal that was begun and can go on.</summary>
    public CertificateOrder? Begun { get; init; }

    /// <summary>What the authority said about when to renew.</summary>
    public RenewalInfo? Info { get; init; }

    public RenewalState? State { get; init; }

    public RenewalPolicy? Policy { get; init; }

    /// <summary>The order with its own wishes about renewal: they go before those of a policy that selects the certificate among others. <c>null</c> where a policy names just this one.</summary>
    public CertificateOrder? OwnWishes => Policy?.LineageIds.Contains(Certificate.LineageId) == true ? null : Order;

    /// <summary>The setting RenewalNeedsPolicy.</summary>
    public bool NeedsPolicy { get; init; }

    /// <summary>What asked to be left alone.</summary>
    public IReadOnlyList<RenewalHold> Holds { get; init; } = [];

    /// <summary>Those of one certificate, by the rules that there are now.</summary>
    /// <exception cref="NotFoundException">KmCertificateNotFound.</exception>
    public static RenewalFacts Read(IStore store, string certificateId, DateTimeOffset now) => store.Read(session => Read(session, certificateId, RenewalRules.Read(session, now), now));

    /// <exception cref="NotFoundException">KmCertificateNotFound.</exception>
    public static RenewalFacts Read(IStoreSession session, string certificateId, RenewalRules rules, DateTimeOffset now)
    {
        Certificate certificate = Lookup.Certificate(session, certificateId);
        CertificateOrder? order = certificate.OrderId is null ? null : session.Orders.Find(certificate.OrderId);
        return new RenewalFacts
        {
            Certificate = certificate,
            Order = order,
            Begun = RenewCertificate.FindOpen(session, certificate, now),
            Info = session.RenewalInfo.Find(certificateId),
            State = session.Renewals.Find(certificate.LineageId),
            Policy = RenewalPolicy.For(certificate, rules.Policies),
            NeedsPolicy = rules.NeedsPolicy,
            Holds = order is null ? [] : [.. rules.Holds.Where(h => h.Scope == RenewalHold.OfAccount(order.AccountId) || h.Scope == RenewalHold.OfNames(order))],
        };
    }
}
