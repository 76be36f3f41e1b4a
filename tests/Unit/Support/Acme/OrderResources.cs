using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>Orders from newOrder to the certificate (RFC 8555 §7.4).</summary>
internal sealed class OrderResources(ServerContext context, AuthorizationResources authorizations, RenewalResources renewals)
{
    public HttpAnswer Create(SignedRequest request)
    {
        ServedAccount account = request.Account ?? throw ServerProblem.NotYours();
        string[] allowed = ["identifiers", "notBefore", "notAfter", "profile", .. context.Policy.ServesRenewalInfo ? ["replaces"] : Array.Empty<string>()];
        JsonMembers members = request.Members("newOrder", allowed);
        OrderRequestCheck check = new(context);
        IReadOnlyList<ServedIdentifier> identifiers = check.Identifiers(members);
        string? profileName = members.OptionalText("profile");
        AcmeProfile profile = check.Profile(profileName);
        (DateTimeOffset? notBefore, DateTimeOffset? notAfter) = check.Dates(members, profile);
        string? replaces = members.OptionalText("replaces");
        if (context.Oddities.NewTerms is Uri terms)
        {
            throw AccountResources.TermsProblem(terms, "The terms of service have changed.");
        }

        check.RequireAllowed(identifiers, profile);
        if (context.Policy.ReusesOrders && FindAlike(account, identifiers, profileName ?? "", replaces) is ServedOrder alike)
        {
            return Show(201, alike).With("Location", context.Out(alike.Url));
        }

        ServedCertificate? replaced = replaces is null ? null : renewals.FindReplaceable(replaces, account, identifiers);
        ServedOrder order = new(context.Url(Paths.Order + context.NextId()), account, identifiers)
        {
            Expires = context.Now + context.Policy.OrderLifetime,
            Profile = profileName ?? "",
            NotBefore = notBefore,
            NotAfter = notAfter,
            Replaces = replaces,
        };
        order.Authorizations = context.Shuffle(identifiers.Select(identifier => authorizations.Provide(account, identifier)));
        replaced?.ReplacedBy = order;
        context.Orders.Add(order);
        Refresh(order);
        return Show(201, order).With("Location", context.Out(order.Url));
    }

    public HttpAnswer Get(SignedRequest request)
    {
        ServedOrder order = Own(request, request.Url);
        request.MustRead();
        foreach (ServedAuthorization authorization in order.Authorizations)
        {
            authorizations.Look(authorization);
        }

        Refresh(order);
        if (order.Status == "processing" && !context.Pace.ParksOrders && order.PollsLeft-- <= 0)
        {
            Issue(order);
        }

        return Show(200, order);
    }

    public HttpAnswer Finalize(SignedRequest request, string id)
    {
        ServedOrder order = Own(request, context.Url(Paths.Order + id));
        order.FinalizeAttempts++;
        byte[] der = request.Members("finalize", "csr").Bytes("csr");
        Refresh(order);
        if (order.Status != "ready")
        {
            throw order.Status == "pending"
                ? ServerProblem.Violation("orderNotReady", "Not all authorizations are valid yet.", 403)
                : ServerProblem.Refusal("orderNotReady", $"The order is {order.Status}.", 403);
        }

        ServerCsr csr = ServerCsr.Parse(der);
        csr.MustBeFor(order.Identifiers);
        if (context.Accounts.Any(account => account.Key.Thumbprint == csr.Key.Thumbprint))
        {
            throw ServerProblem.Violation("badCSR", "The key of the certificate is the key of an account.");
        }

        if (!context.Policy.AllowsKey(csr.Key.Description))
        {
            throw ServerProblem.Refusal("badCSR", $"Keys of the kind {csr.Key.Description} are not certified here.");
        }

        order.Finalizations++;
        order.Request = csr;
        order.Status = "processing";
        order.PollsLeft = context.Pace.IssuancePolls;
        if (context.Pace.IssuancePolls == 0 && !context.Pace.ParksOrders)
        {
            Issue(order);
        }

        return Show(200, order).With("Location", context.Oddities.OmitsFinalizeLocation ? null : context.Out(order.Url));
    }

    private static ServedOrder? FindAlike(IEnumerable<ServedOrder> orders, IReadOnlyList<ServedIdentifier> identifiers, string profile, string? replaces) =>
        orders.FirstOrDefault(order => order.Status is "pending" or "ready"
            && order.Profile == profile
            && order.Replaces == replaces
            && new HashSet<ServedIdentifier>(order.Identifiers).SetEquals(identifiers));

    private ServedOrder? FindAlike(ServedAccount account, IReadOnlyList<ServedIdentifier> identifiers, string profile, string? replaces)
    {
        ServedOrder[] own = [.. context.Orders.Where(order => order.Account == account)];
        foreach (ServedOrder order in own)
        {
            Refresh(order);
        }

        return FindAlike(own, identifiers, profile, replaces);
    }

    private ServedOrder Own(SignedRequest request, string url)
    {
        ServedOrder order = context.Orders.FirstOrDefault(known => known.Url == url) ?? throw ServerProblem.NotFound();
        return order.Account == request.Account ? order : throw ServerProblem.NotYours();
    }

    private void Refresh(ServedOrder order)
    {
        if (order.Status is not ("pending" or "ready"))
        {
            return;
        }

        ServedAuthorization? failed = order.Authorizations.FirstOrDefault(authorization => authorization.Status is not ("pending" or "valid"));
        if (failed is not null || order.Expires <= context.Now)
        {
            order.Status = "invalid";
            order.Error = failed?.Challenges.Select(challenge => challenge.Error).FirstOrDefault(error => error is not null)
                ?? ServerProblem.Describe(403, "unauthorized", failed is null ? "The order has expired." : $"The authorization for {failed.Identifier.Value} is {failed.Status}.");
        }
        else if (order.Authorizations.All(authorization => authorization.Status == "valid"))
        {
            order.Status = "ready";
        }
    }

    private void Issue(ServedOrder order)
    {
        AcmeProfile profile = order.Profile.Length == 0 ? context.Policy.DefaultProfile : context.Policy.Profiles[order.Profile];
        IssuedLeaf leaf = context.Issuer.Issue(order.Request!, order, profile, context.Now, context.Oddities.Certificate);
        order.Certificate = new ServedCertificate(context.Url(Paths.Certificate + context.NextId()), order, leaf);
        order.Status = "valid";
        context.Certificates.Add(order.Certificate);
    }

    private HttpAnswer Show(int status, ServedOrder order)
    {
        Dictionary<string, object?> members = new()
        {
            ["status"] = order.Status,
            ["identifiers"] = context.Shuffle(order.Identifiers.Select(identifier => identifier.ToJson())),
            ["authorizations"] = context.Oddities.NullAuthorizations ? null : order.Authorizations.Select(authorization => context.Out(authorization.Url)),
            ["finalize"] = context.Out(context.Url(Paths.Finalize + order.Url.Substring(context.Url(Paths.Order).Length))),
        };
        if (!context.Oddities.OmitsExpires)
        {
            members["expires"] = ServerContext.Time(order.Expires);
        }

        AddIf(members, "profile", order.Profile.Length > 0 ? order.Profile : null);
        AddIf(members, "replaces", order.Replaces);
        AddIf(members, "notBefore", order.NotBefore is DateTimeOffset notBefore ? ServerContext.Time(notBefore) : null);
        AddIf(members, "notAfter", order.NotAfter is DateTimeOffset notAfter ? ServerContext.Time(notAfter) : null);
        AddIf(members, "error", order.Error);
        AddIf(members, "certificate", order.Certificate is null ? null : context.Out(order.Certificate.Url));
        HttpAnswer answer = HttpAnswer.Json(status, members);
        bool isProcessing = order.Status == "processing" || order.Authorizations.SelectMany(known => known.Challenges).Any(challenge => challenge.Status == "processing");
        return isProcessing ? context.WithRetryAfter(answer) : answer;
    }

    private static void AddIf(Dictionary<string, object?> members, string name, object? value)
    {
        if (value is not null)
        {
            members[name] = value;
        }
    }
}
