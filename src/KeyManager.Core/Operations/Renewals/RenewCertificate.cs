using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Renews a certificate: a new order with what the last one asked for, completed in one go. Nothing of the old version is touched before the new one is saved.</summary>
public sealed class RenewCertificate(KeyManagerPorts ports)
{
    private readonly PlaceOrder _place = new(ports);
    private readonly ReissueCertificate _reissue = new(ports);
    private readonly CompleteOrder _complete = new(ports);

    /// <summary>Renews, or goes on with a renewal that was begun; answers its order.</summary>
    /// <exception cref="ConflictException">KmCertificateNotRenewable: there is no order to repeat, or it is not the current version.</exception>
    public Task<CertificateOrder> RunAsync(string certificateId, CompleteOrderOptions options, IReporter reporter, CancellationToken cancellationToken) =>
        RunAsync(certificateId, RenewalChanges.None, options, reporter, cancellationToken);

    /// <summary>The same, with some things otherwise than the last order had them. A renewal that was begun goes on as it was begun, unless another account is named.</summary>
    public async Task<CertificateOrder> RunAsync(
        string certificateId, RenewalChanges changes, CompleteOrderOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        Guard.NotNull(changes);
        (Certificate certificate, CertificateOrder previous, CertificateOrder? open) = ports.Store.Read(session => Find(session, certificateId));
        if (open is not null && changes.Account is not null && open.Account != changes.Account && open.AccountId != changes.Account)
        {
            open = null;
        }

        if (open is not null)
        {
            reporter.Verbose($"Going on with renewal {open}, begun {open.CreatedAt:u}.");
        }
        else
        {
            OrderPlan plan = Plan(certificate, previous, changes, options.AcceptCharges, reporter);
            open = await _place.RunAsync(plan, reporter, cancellationToken).ConfigureAwait(false);
        }

        return open.Status is OrderStatus.Renewed && !options.Save
            ? open
            : await _complete.RunAsync(open.Id, options, reporter, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a renewal would cost; <c>null</c> when it costs nothing: where there is no price, within a term that is paid for, and for one that was begun.</summary>
    /// <exception cref="ConflictException">KmCertificateNotRenewable; KmReissueNotAllowed: the term goes on, and the order was placed elsewhere.</exception>
    public Charge? Quote(string certificateId)
    {
        (Certificate certificate, CertificateOrder previous, CertificateOrder? open) = ports.Store.Read(session => Find(session, certificateId));
        return open is not null || !ports.Authorities.Get(previous.Authority).Description.ChargesMoney ? null : Plan(certificate, previous, RenewalChanges.None, true, SilentReporter.Instance).Charge;
    }

    /// <summary>The order that a renewal would place; stores and sends nothing.</summary>
    internal CertificateOrder Preview(string certificateId, RenewalChanges changes)
    {
        (Certificate certificate, CertificateOrder previous, _) = ports.Store.Read(session => Find(session, certificateId));
        return Plan(certificate, previous, changes, true, SilentReporter.Instance).Order;
    }

    private OrderPlan Plan(Certificate certificate, CertificateOrder previous, RenewalChanges changes, bool acceptCharges, IReporter reporter)
    {
        OrderRequest request = changes.ApplyTo(Request(certificate, previous, changes.KeyOnRenewal, ports.Clock.UtcNow, reporter)) with { AcceptCharges = acceptCharges };
        if (changes.Account is not null || ports.Authorities.Get(previous.Authority) is not IReissueAbility || !ReissueCertificate.IsWithinTerm(previous, certificate, ports.Clock.UtcNow))
        {
            return _place.Plan(request, previous, reporter);
        }

        ReissueRequest reissue = new()
        {
            PrivateKey = request.PrivateKey,
            Csr = request.Csr,
            CsrSource = request.CsrSource,
            KeyAlgorithm = changes.KeyAlgorithm,
            KeyLength = changes.KeyLength,
            KeyPolicy = request.KeyPolicy,
            DnsAccount = changes.DnsAccount,
            AcceptCharges = acceptCharges,
        };
        return _reissue.Plan(previous.Id, reissue, reporter);
    }

    /// <summary>Only the current version is renewed.</summary>
    /// <exception cref="ConflictException">KmCertificateNotRenewable.</exception>
    internal static void RefuseOlder(Certificate certificate)
    {
        if (!certificate.IsCurrent)
        {
            throw NotRenewable(certificate, $"{certificate} is an older version.", $"Renew the current one: Update-KmCertificate {certificate.Name}");
        }
    }

    /// <summary>A renewal that was begun and can go on.</summary>
    internal static CertificateOrder? FindOpen(IStoreSession session, Certificate certificate, DateTimeOffset now) =>
        session.Orders.Query(new OrderQuery { RenewsCertificateId = certificate.Id, IsOpen = true }, null, 50).Items
            .FirstOrDefault(o => !Lookup.HasRunOut(session, o, now));

    private static OrderRequest Request(Certificate certificate, CertificateOrder previous, KeyOnRenewal? keyOnRenewal, DateTimeOffset now, IReporter reporter)
    {
        if (keyOnRenewal is KeyOnRenewal wanted && wanted != previous.KeyPolicy.OnRenewal && previous.PrivateKeyId is not null)
        {
            previous = previous with { KeyPolicy = new RenewalKeyPolicy(wanted, wanted == KeyOnRenewal.Same ? previous.KeyPolicy.RotateEvery : 0) };
        }

        bool rotate = previous.KeyPolicy.RotateEvery > 0 && (previous.RenewalNumber + 1) % previous.KeyPolicy.RotateEvery == 0;
        bool keepKey = previous.KeyPolicy.OnRenewal == KeyOnRenewal.Import || (previous.KeyPolicy.OnRenewal == KeyOnRenewal.Same && !rotate);
        if (keepKey && certificate.RevocationReason == RevocationReason.KeyCompromise)
        {
            // A key that others have protects nothing, whatever the policy says.
            keepKey = previous.KeyPolicy.OnRenewal == KeyOnRenewal.Same && previous.PrivateKeyId is not null ? false : throw NotRenewable(
                certificate,
                $"{certificate} was revoked because its key is compromised, and its renewal can only use that key again.",
                $"Order it anew with another key: New-KmCertificateOrder {certificate.DomainNames.Select(n => n.Ascii).FirstOrDefault()} -Name {certificate.Name}");
            reporter.Warn($"The key of {certificate} is compromised; the renewal gets a new one.");
        }

        return Repeat(previous, certificate.Name) with
        {
            PrivateKey = keepKey ? previous.PrivateKeyId : null,
            // Without the key here, only the same request can be sent again.
            Csr = keepKey && previous.PrivateKeyId is null ? previous.Csr : null,
            NotAfter = previous.NotAfter is DateTimeOffset end ? now + (end - previous.CreatedAt) : null,
        };
    }

    /// <summary>The same again; the key is for the caller to choose.</summary>
    internal static OrderRequest Repeat(CertificateOrder previous, string name) => new()
    {
        DomainNames = previous.DomainNames,
        Account = previous.AccountId,
        Name = name,
        KeyAlgorithm = previous.KeySpec.Algorithm,
        KeyLength = previous.KeySpec.Length,
        SignatureAlgorithm = previous.SignatureAlgorithm,
        KeyPolicy = previous.KeyPolicy,
        CsrSource = $"order {previous}",
        Product = previous.Product,
        ValidityMonths = previous.ValidityMonths,
        ServerCount = previous.Product is null ? null : previous.ServerCount,
        ServerType = previous.ServerType,
        Comment = previous.Comment,
        ApproverEmails = previous.ApproverEmails,
        Subject = previous.Subject,
        ValidityDays = previous.ValidityDays,
        ChallengeType = previous.ChallengeType,
        WebRootPath = previous.WebRootPath,
        ListenAddress = previous.ListenAddress,
        ChallengeScript = previous.ChallengeScript,
        DnsAccount = previous.DnsAccount,
        DeployTargets = previous.DeployTargets,
        Profile = previous.Profile,
        PreferredChain = previous.PreferredChain,
        KeystoreType = previous.KeystoreType,
        AutoRenew = previous.AutoRenew,
        DaysBeforeExpiry = previous.DaysBeforeExpiry,
    };

    private (Certificate Certificate, CertificateOrder Previous, CertificateOrder? Open) Find(IStoreSession session, string certificateId)
    {
        Certificate certificate = Lookup.Certificate(session, certificateId);
        RefuseOlder(certificate);
        CertificateOrder? previous = certificate.OrderId is null ? null : session.Orders.Find(certificate.OrderId);
        if (previous is null)
        {
            throw NotRenewable(
                certificate,
                certificate.Origin == OrderOrigin.Imported ? $"{certificate} was imported; there is no order to repeat." : $"The order of {certificate} was removed; there is nothing to repeat.",
                $"Order it here once, for example: New-KmCertificateOrder {certificate.DomainNames.Select(n => n.Ascii).FirstOrDefault()} -Name {certificate.Name} | Invoke-KmChallenge");
        }

        return (certificate, previous, FindOpen(session, certificate, ports.Clock.UtcNow));
    }

    private static ConflictException NotRenewable(Certificate certificate, string message, string remedy) =>
        new(ConflictKind.State, ErrorIds.CertificateNotRenewable, message) { Target = certificate.Id, Remedy = remedy };
}
