using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>
/// Asks for another certificate within the term that an order has paid for: with a new key, other names, or because the first one ends before the term does. It is an order
/// of its own here, and the same one at the authority.
/// </summary>
public sealed class ReissueCertificate(KeyManagerPorts ports)
{
    /// <summary>A term that ends sooner is not worth another certificate; the next term is bought.</summary>
    private static readonly TimeSpan ShortestRest = TimeSpan.FromDays(30);

    /// <summary>Certificates end some hours before the term, or after it.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    private readonly PlaceOrder _place = new(ports);

    /// <summary>Checks the request and says what would be asked for; changes nothing.</summary>
    /// <exception cref="ConflictException">KmReissueNotAllowed: not issued yet, the term is over, or it was placed elsewhere; KmOrderStateInvalid: another one is under way.</exception>
    public OrderPlan Plan(string orderId, ReissueRequest request, IReporter reporter)
    {
        CertificateOrder original = ports.Store.Read(session => Check(session, orderId, request));
        bool givesKey = request.ImportedKey is not null || request.PrivateKey is not null || request.Csr is not null || request.CsrName is not null;
        bool keepsKey = !givesKey && request.KeyAlgorithm is null && original.KeyPolicy.OnRenewal == KeyOnRenewal.Import;
        OrderRequest order = RenewCertificate.Repeat(original, original.Name) with
        {
            DomainNames = Names(original, request),
            KeyAlgorithm = givesKey ? null : request.KeyAlgorithm ?? original.KeySpec.Algorithm,
            KeyLength = givesKey ? null : request.KeyLength ?? (request.KeyAlgorithm is null ? original.KeySpec.Length : null),
            SignatureAlgorithm = null,
            KeyPolicy = request.KeyPolicy is not null ? request.KeyPolicy : givesKey || keepsKey ? null : original.KeyPolicy with { OnRenewal = original.KeyPolicy.OnRenewal == KeyOnRenewal.Import ? KeyOnRenewal.New : original.KeyPolicy.OnRenewal },
            ImportedKey = request.ImportedKey,
            PrivateKey = request.PrivateKey ?? (keepsKey ? original.PrivateKeyId : null),
            Csr = request.Csr,
            CsrSource = request.CsrSource,
            CsrName = request.CsrName,
            ChallengeType = request.ChallengeType ?? original.ChallengeType,
            WebRootPath = request.WebRootPath ?? original.WebRootPath,
            ChallengeScript = request.ChallengeScript ?? original.ChallengeScript,
            DnsAccount = request.DnsAccount ?? original.DnsAccount,
            ApproverEmails = request.ApproverEmails.Count > 0 ? request.ApproverEmails : Approvers(original, request),
            AcceptCharges = request.AcceptCharges,
        };
        return _place.Plan(order, original, reporter, isReissue: true);
    }

    /// <summary>Asks for what was planned a moment ago, or takes up the same reissue where an earlier command was interrupted.</summary>
    public Task<CertificateOrder> RunAsync(OrderPlan plan, IReporter reporter, CancellationToken cancellationToken) => _place.RunAsync(plan, reporter, cancellationToken);

    /// <summary>True when the term of the order goes on for long after its certificate has ended: then another one is due, and none has to be bought.</summary>
    internal static bool IsWithinTerm(CertificateOrder order, Certificate certificate, DateTimeOffset now) =>
        order.PaidUntil is DateTimeOffset end && end > certificate.NotAfter + Tolerance && end > now + ShortestRest;

    /// <summary>What names cost that the original did not have; <c>null</c> when there are no more of them.</summary>
    internal static Charge? ChargeFor(Product product, CertificateOrder original, CertificateOrder reissue)
    {
        int before = Math.Max(ProductRules.Additional(product, original.DomainNames).Count(), product.IncludedNames);
        int after = ProductRules.Additional(product, reissue.DomainNames).Count();
        if (after <= before)
        {
            return null;
        }

        Charge one = Charge.Of(product, original.ValidityMonths, original.DomainNames, original.ServerCount ?? 1);
        Charge other = Charge.Of(product, original.ValidityMonths, reissue.DomainNames, original.ServerCount ?? 1);
        return other with { Amount = other.Amount - one.Amount };
    }

    private CertificateOrder Check(IStoreSession session, string orderId, ReissueRequest request)
    {
        CertificateOrder order = Lookup.Order(session, orderId);
        _ = ports.Authorities.Require<IReissueAbility>(ports.Authorities.Get(order.Authority), "issue again within a term");
        if (order.CertificateId is null || order.Status is not (OrderStatus.Saved or OrderStatus.Available or OrderStatus.Renewed))
        {
            throw NotAllowed(order, $"has no certificate to be issued again: its state is {order.Status}", order.IsOpen ? "Complete it first: Invoke-KmChallenge." : "Order anew with New-KmCertificateOrder.");
        }

        if (order.PaidUntil is DateTimeOffset end && end <= ports.Clock.UtcNow)
        {
            throw NotAllowed(order, $"was paid until {end:yyyy-MM-dd}", $"Buy the next term: Update-KmCertificate {order.Name} -AcceptCharges");
        }

        bool givesKey = request.ImportedKey is not null || request.PrivateKey is not null || request.Csr is not null || request.CsrName is not null;
        if (order.Origin == OrderOrigin.Imported && !(request.AllowImported && givesKey))
        {
            throw NotAllowed(
                order,
                "was placed elsewhere, and whoever has placed it may rely on its key",
                "When it is yours to replace, say so and give the key: Request-KmCertificateReissue -AllowImported with -PrivateKeyPath, -PrivateKey, -CsrPath or -CsrName.");
        }

        CertificateOrder? begun = session.Orders.Query(new OrderQuery { AccountId = order.AccountId, AuthorityOrderId = order.AuthorityOrderId, IsOpen = true }, null, 50).Items
            .FirstOrDefault(o => o.ReissuesOrderId is not null && !o.IsUnsaved);
        return begun is null || begun.ReissuesOrderId == order.Id ? order : throw new ConflictException(
            ConflictKind.State, ErrorIds.OrderStateInvalid, $"Order {order} is being issued again already, as {begun}.")
        {
            Target = begun.Id,
            Remedy = $"Complete that one first: Invoke-KmChallenge {begun.Id}",
        };
    }

    private static IReadOnlyList<DomainName> Names(CertificateOrder original, ReissueRequest request)
    {
        if (request.Remove.Where(n => !original.DomainNames.Contains(n)).Select(n => (DomainName?)n).FirstOrDefault() is DomainName unknown)
        {
            throw new InvalidRequestException(ErrorIds.InvalidDomainName, $"Order {original} has no name '{unknown}' to leave out.") { Target = unknown.Ascii, Remedy = $"Its names are {string.Join(", ", original.DomainNames)}." };
        }

        if (request.Remove.Contains(original.DomainNames[0]))
        {
            throw new InvalidRequestException(ErrorIds.InvalidDomainName, $"'{original.DomainNames[0]}' is the first name of order {original}, and stays as long as the order does.")
            {
                Target = original.DomainNames[0].Ascii,
                Remedy = "Order anew without it: New-KmCertificateOrder.",
            };
        }

        return [.. original.DomainNames.Where(n => !request.Remove.Contains(n)).Concat(request.Add).Distinct()];
    }

    /// <summary>One address for all names goes on; of one for each name nobody knows which the new names have.</summary>
    private static IReadOnlyList<string> Approvers(CertificateOrder original, ReissueRequest request) =>
        request.Add.Count == 0 && request.Remove.Count == 0 ? original.ApproverEmails
        : original.ApproverEmails.Distinct(StringComparer.OrdinalIgnoreCase).Count() == 1 ? [original.ApproverEmails[0]] : [];

    private static ConflictException NotAllowed(CertificateOrder order, string why, string remedy) =>
        new(ConflictKind.State, ErrorIds.ReissueNotAllowed, $"Order {order} {why}.") { Target = order.Id, Remedy = remedy };
}
