using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>The part of a plan that only authorities with a catalogue have: product, term, organization, contacts, approvers, price.</summary>
internal static class PlanDetails
{
    /// <summary>The order with what the request says about them, and what it costs; where there is no catalogue, a request for any of them is refused.</summary>
    /// <param name="session">What is stored.</param>
    /// <param name="authorities">To say who can.</param>
    /// <param name="authority">The authority.</param>
    /// <param name="account">The account.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="order">The order so far.</param>
    /// <param name="repeats">The order whose details are used where the request names none; <c>null</c> for a first one.</param>
    /// <param name="reporter">For warnings.</param>
    public static (CertificateOrder Order, Product? Product, Charge? Charge) Add(
        IStoreSession session, AuthorityRegistry authorities, ICertificateAuthority authority, AuthorityAccount account, OrderRequest request,
        CertificateOrder order, CertificateOrder? repeats, IReporter reporter)
    {
        if (authority is not ICatalogAbility)
        {
            RefuseDetails(authorities, authority, request);
            string? name = request.Organization ?? request.Subject?.Organization;
            order = name is null ? order : order with { Subject = (request.Subject ?? new SubjectName()) with { Organization = name } };
            return (order, null, authority.Description.ChargesMoney ? new Charge(null, "") : null);
        }

        IReadOnlyList<OrderDetail> known = authority.Description.OrderDetails;
        RefuseUnknown(authorities, authority, request, known);
        Product product = ChooseProduct.From(session.Products.List(account.Id), request, order.DomainNames, account);
        Contact? admin = known.Contains(OrderDetail.AdminContact) ? Contact(session, account, request.AdminContact, AccountSettings.AdminContact, repeats?.AdminContact) : null;
        Contact? requester = known.Contains(OrderDetail.Requester) ? Contact(session, account, request.Requester, AccountSettings.Requester, repeats?.Requester) : null;
        RequireContact(authority, account, product, OrderDetail.AdminContact, "an administrator", admin);
        RequireContact(authority, account, product, OrderDetail.Requester, "a requester", requester);
        order = order with
        {
            Product = product.Code,
            Vendor = product.Vendor,
            ValidationType = product.ValidationType,
            ValidityMonths = request.ValidityMonths ?? ChooseProduct.UsualTerm(product),
            ServerCount = known.Contains(OrderDetail.ServerCount) ? request.ServerCount ?? 1 : null,
            ServerType = request.ServerType,
            Organization = Organization(session, account, request, product, repeats?.Organization),
            AdminContact = admin,
            Requester = requester,
            TechnicalContact = Contact(session, account, request.TechnicalContact, AccountSettings.TechnicalContact, repeats?.TechnicalContact) ?? admin ?? requester,
            ChallengeType = request.ChallengeType ?? UsualProof(authority.Description, request),
            ApproverEmails = request.ApproverEmails,
            Comment = request.Comment,
        };
        ProductRules.Check(product, order);
        CheckApprovers(order);
        if (order.ChallengeType == ChallengeType.Email)
        {
            reporter.Warn("Public authorities must not accept proof by e-mail from 2028-03-15 on (Baseline Requirements, SC-090). Use a DNS record or a file where you can.");
        }

        return (order, product, authority.Description.ChargesMoney ? Charge.Of(product, order.ValidityMonths, order.DomainNames, order.ServerCount ?? 1) : null);
    }

    private static Organization? Organization(IStoreSession session, AuthorityAccount account, OrderRequest request, Product product, Organization? before)
    {
        if (request.Organization is string named)
        {
            return Lookup.Organization(session, account, named);
        }

        if (product.ValidationType is not (ValidationType.OV or ValidationType.EV) && !product.TakesOrganization)
        {
            return null;
        }

        return before is not null ? Current(session, account, before) : Setting(account, AccountSettings.Organization) is string usual ? Lookup.Organization(session, account, usual) : null;
    }

    /// <summary>As it is now, where it is still here.</summary>
    private static Organization Current(IStoreSession session, AuthorityAccount account, Organization before) =>
        session.Organizations.Find(before.Id)
        ?? session.Directory.Organizations(account.Id).FirstOrDefault(o => o.MissingSince is null && (before.AuthorityId is not null ? o.AuthorityId == before.AuthorityId
            : before.Id.Length == 0 && string.Equals(o.Name, before.Name, StringComparison.OrdinalIgnoreCase))) // of an imported order only the name is known
        ?? before;

    private static void RequireContact(ICertificateAuthority authority, AuthorityAccount account, Product product, OrderDetail detail, string who, Contact? contact)
    {
        if (contact is null && authority.Description.NeededContact == detail)
        {
            throw new InvalidRequestException(ErrorIds.ContactRequired, $"An order with {authority.Description.Title} needs {who} whom it may turn to.")
            {
                Target = product.Code,
                Remedy = $"Name a stored contact with -{detail}, or for all orders: Set-KmAccount {account.Name} -Setting @{{ {detail} = '...' }}. New-KmContact stores one.",
            };
        }
    }

    private static Contact? Contact(IStoreSession session, AuthorityAccount account, string? named, string setting, Contact? before) =>
        named is not null ? Lookup.Contact(session, named)
        : before is not null ? session.Contacts.Find(before.Id) ?? before
        : Setting(account, setting) is string usual ? Lookup.Contact(session, usual) : null;

    private static string? Setting(AuthorityAccount account, string name) => account.Settings.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    /// <summary>The first of its proofs that a file answers, or a record; <c>null</c> when it has none of that kind.</summary>
    public static ChallengeType? UsualProof(AuthorityDescription authority, bool byFile) => FirstProof(authority, byFile ? ChallengeTypeExtensions.IsFile : ChallengeTypeExtensions.IsRecord);

    /// <summary>What the request is prepared for; a record where it does not say.</summary>
    private static ChallengeType? UsualProof(AuthorityDescription authority, OrderRequest request) => request.ApproverEmails.Count > 0
        ? FirstProof(authority, t => t == ChallengeType.Email)
        : UsualProof(authority, byFile: request.WebRootPath is not null || request.ListenAddress is not null);

    private static ChallengeType? FirstProof(AuthorityDescription authority, Func<ChallengeType, bool> fits) => authority.ChallengeTypes.Where(fits).Select(t => (ChallengeType?)t).FirstOrDefault();

    private static void CheckApprovers(CertificateOrder order)
    {
        int given = order.ApproverEmails.Count;
        if (order.ChallengeType == ChallengeType.Email ? given != 1 && given != order.DomainNames.Count : given > 0)
        {
            throw new InvalidRequestException(
                ErrorIds.ApproverNotOffered,
                order.ChallengeType != ChallengeType.Email ? $"-ApproverEmail is for proof by e-mail, and this order is proved by {order.ChallengeType}."
                    : given == 0 ? "Proof by e-mail needs the address that the mail goes to." : $"{given} approver addresses are given for {order.DomainNames.Count} names.")
            {
                Target = order.Name,
                Remedy = $"Give one address for all names, or one for each in their order, with -ApproverEmail and -ChallengeType Email. Get-KmApproverEmail {order.DomainNames[0]} lists those that are allowed.",
            };
        }
    }

    private static void RefuseDetails(AuthorityRegistry authorities, ICertificateAuthority authority, OrderRequest request)
    {
        List<string> given = [.. Given(request).Select(d => "-" + d)];
        if (given.Count > 0)
        {
            throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"{authority.Description.Title} has no catalogue of products: {string.Join(", ", given)} mean nothing to it.")
            {
                Target = authority.Description.Name,
                Remedy = $"Leave them out, or order with an account of {string.Join(" or ", authorities.All.Where(a => a is ICatalogAbility).Select(a => a.Description.Name))}.",
            };
        }
    }

    private static void RefuseUnknown(AuthorityRegistry authorities, ICertificateAuthority authority, OrderRequest request, IReadOnlyList<OrderDetail> known)
    {
        List<OrderDetail> useless = [.. Given(request).Except(known)];
        if (useless.Count > 0)
        {
            IEnumerable<string> others = authorities.All.Where(a => useless.TrueForAll(a.Description.OrderDetails.Contains)).Select(a => a.Description.Name);
            throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"{authority.Description.Title} has no use for {string.Join(", ", useless.Select(d => "-" + d))}.")
            {
                Target = authority.Description.Name,
                Remedy = $"Leave {(useless.Count == 1 ? "it" : "them")} out{string.Join(" or ", others) switch { "" => "", string names => $", or order with an account of {names}" }}.",
            };
        }
    }

    private static IEnumerable<OrderDetail> Given(OrderRequest request)
    {
        (OrderDetail Detail, bool IsGiven)[] details =
        [
            (OrderDetail.Product, request.Product is not null), (OrderDetail.Vendor, request.Vendor is not null), (OrderDetail.ValidationType, request.ValidationType is not null),
            (OrderDetail.ValidityMonths, request.ValidityMonths is not null), (OrderDetail.ServerCount, request.ServerCount is not null), (OrderDetail.ServerType, request.ServerType is not null),
            (OrderDetail.ApproverEmail, request.ApproverEmails.Count > 0), (OrderDetail.AdminContact, request.AdminContact is not null),
            (OrderDetail.TechnicalContact, request.TechnicalContact is not null), (OrderDetail.Requester, request.Requester is not null), (OrderDetail.Comment, request.Comment is not null),
        ];
        return details.Where(d => d.IsGiven).Select(d => d.Detail);
    }
}
