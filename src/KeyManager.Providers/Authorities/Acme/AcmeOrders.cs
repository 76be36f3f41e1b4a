using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Storage;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>Orders with an ACME server, from newOrder to the certificate (RFC 8555 §7.4, §7.5).</summary>
internal sealed class AcmeOrders(AcmeConnections connections, IStore store, ICertificateTools certificates, Clock clock)
{
    /// <summary>Requests of one order at the same time.</summary>
    private const int AtOnce = 8;

    private const string ChainSource = "the authority's answer";

    public async Task<AuthorityOrder> PlaceAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        AcmeClient client = connections.Open(context);
        OrderResource placed = await NewOrderAsync(client, context, order, cancellationToken).ConfigureAwait(false);
        if (order.Profile is not null && placed.Profile is not null && placed.Profile != order.Profile)
        {
            throw new AuthorityException(ErrorIds.ProfileNotFound, $"{client.Authority} would issue with the profile '{placed.Profile}' instead of '{order.Profile}'.") { Target = order.Profile, Remedy = "Order with -Profile of the right name; Get-KmAuthority shows them." };
        }

        AcmeOrderData data = new();
        data.Learn(placed);
        IReadOnlyList<Challenge> challenges = [];
        try
        {
            challenges = await ReadChallengesAsync(client, order, data, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KeyManagerException or AcmeProblemException or OperationCanceledException)
        {
            // The order is there. What became of it must not be forgotten over a question that can be asked again.
            context.Reporter.Verbose($"The challenges of order {order} could not be read yet: {e.Message}");
        }

        return Answer(placed, data, challenges);
    }

    public async Task<AuthorityOrder> GetAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        AcmeClient client = connections.Open(context);
        OrderResource now = await client.GetOrderAsync(Url(order), cancellationToken).ConfigureAwait(false);
        return await AnswerAsync(client, order, now, cancellationToken).ConfigureAwait(false);
    }

    public async Task<AuthorityOrder> SubmitAsync(
        AuthorityContext context, CertificateOrder order, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken)
    {
        AcmeClient client = connections.Open(context);
        AcmeOrderData data = AcmeOrderData.Of(order);
        RefuseUnprovable(client, order, data);
        IReadOnlyList<Challenge> told = await Concurrent.SelectAsync(
            challenges,
            AtOnce,
            async challenge =>
            {
                Uri url = data.Find(challenge) ?? throw new ChallengeException(ErrorIds.ChallengeFailed, $"The address of the challenge {challenge.Id} of order {order} is not known.") { Target = order.Id, Remedy = $"Get fresh ones: New-KmChallenge {order.Id}" };
                ChallengeResource answer = await SubmitAsync(client, data, challenge, url, cancellationToken).ConfigureAwait(false);
                ChallengeStatus status = AcmeChallenges.ToStatus(answer.Status);
                return challenge with { Status = status == ChallengeStatus.Pending ? ChallengeStatus.Processing : status, ErrorDetail = answer.Error?.ToString() };
            },
            cancellationToken).ConfigureAwait(false);
        Dictionary<string, Challenge> looked = told.ToDictionary(c => c.Id);
        return new AuthorityOrder
        {
            AuthorityOrderId = order.AuthorityOrderId!, // it has challenges, so it was placed
            Status = OrderStatus.PendingValidation,
            AuthorityStatus = order.AuthorityStatus ?? "pending",
            Challenges = [.. order.Challenges.Select(c => looked.TryGetValue(c.Id, out Challenge? now) ? now : c)],
        };
    }

    public async Task<AuthorityOrder> FinalizeAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        AcmeClient client = connections.Open(context);
        Uri url = Url(order);
        OrderResource now;
        if (AcmeOrderData.Of(order).Finalize is string finalize)
        {
            try
            {
                now = await client.FinalizeAsync(url, new Uri(finalize), order.Csr!, cancellationToken).ConfigureAwait(false); // PlaceOrder stores the request before it places
            }
            catch (AcmeProblemException e) when (e.Type == "orderNotReady")
            {
                // It has the request already, from before an interruption.
                now = await client.GetOrderAsync(url, cancellationToken).ConfigureAwait(false);
                if (now.Status is "pending" or "ready")
                {
                    throw;
                }
            }
        }
        else
        {
            now = await client.GetOrderAsync(url, cancellationToken).ConfigureAwait(false);
            if (now.Status == "ready")
            {
                Uri known = now.Finalize ?? throw AcmeErrors.Unreadable(client.Authority, url, "the order does not say where its request is to be sent.");
                now = await client.FinalizeAsync(url, known, order.Csr!, cancellationToken).ConfigureAwait(false); // as above
            }
        }

        return await AnswerAsync(client, order, now, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IssuedCertificate> DownloadAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        AcmeClient client = connections.Open(context);
        Uri url = AcmeOrderData.Of(order).Certificate is string known
            ? new Uri(known)
            : (await client.GetOrderAsync(Url(order), cancellationToken).ConfigureAwait(false)).Certificate
                ?? throw AcmeErrors.Unreadable(client.Authority, Url(order), "a finished order does not say where its certificate is.");
        (byte[] text, IReadOnlyList<Uri> alternates) = await client.DownloadAsync(url, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<CertificateContent> chain = certificates.ReadAll(text, ChainSource);
        if (order.PreferredChain is string wanted && !EndsAt(chain, wanted))
        {
            chain = await FindChainAsync(client, alternates, wanted, cancellationToken).ConfigureAwait(false) ?? Warned(client, context, chain, wanted);
        }

        // RFC 8555 §9.1: the certificate of the order comes first. Whether it is that one is checked by whoever takes it.
        CertificateContent leaf = chain[0].IsAuthority ? certificates.FindLeaf(chain) : chain[0];
        return new IssuedCertificate(leaf.Der, [.. chain.Where(c => c != leaf).Select(c => c.Der)]);
    }

    /// <summary>An order that may have been placed: among those that the server lists, or none. Placing once more leaves nothing behind but an order that runs out.</summary>
    public async Task<AuthorityOrder?> FindAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        AcmeClient client = connections.Open(context);
        HashSet<string> names = [.. order.DomainNames.Select(n => n.Ascii)];
        HashSet<string> taken = [.. store.Read(session => session.Orders.Query(new OrderQuery { AccountId = order.AccountId, DomainName = order.DomainNames[0].Ascii }, null, 1000).Items)
            .Where(o => o.Id != order.Id && o.AuthorityOrderId is not null).Select(o => o.AuthorityOrderId!)];
        foreach (Uri url in (await client.ListOrdersAsync(cancellationToken).ConfigureAwait(false)).Where(u => !taken.Contains(u.AbsoluteUri)))
        {
            OrderResource found = await client.GetOrderAsync(url, cancellationToken).ConfigureAwait(false);
            if (found.Status is "pending" or "ready" && names.SetEquals(found.Identifiers) && (order.Profile is null || order.Profile == found.Profile))
            {
                return await AnswerAsync(client, order, found, cancellationToken).ConfigureAwait(false);
            }
        }

        return null;
    }

    /// <summary>Gives up the proofs that are still open, which ends the order (RFC 8555 §7.5.2).</summary>
    public async Task CancelAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        AcmeClient client = connections.Open(context);
        OrderResource now = await client.GetOrderAsync(Url(order), cancellationToken).ConfigureAwait(false);
        if (now.Status is "pending" or "ready")
        {
            await Concurrent.ForEachAsync(
                now.Authorizations,
                AtOnce,
                async url =>
                {
                    AuthorizationResource authorization = await client.GetAuthorizationAsync(url, cancellationToken).ConfigureAwait(false);
                    if (authorization.Status == "pending")
                    {
                        await client.DeactivateAuthorizationAsync(url, cancellationToken).ConfigureAwait(false);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Tells that one challenge is published. A server that knows so already, from before an interruption, may refuse to hear it again.</summary>
    private static async Task<ChallengeResource> SubmitAsync(AcmeClient client, AcmeOrderData data, Challenge challenge, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SubmitAsync(url, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmeProblemException refused) when (refused.Type is "malformed" or "conflict" || refused.Answer.Status == 409)
        {
            AuthorizationResource now = await client.GetAuthorizationAsync(new Uri(data.AuthorizationOf(challenge)), cancellationToken).ConfigureAwait(false);
            ChallengeResource? known = now.Challenges.FirstOrDefault(c => c.Url == url);
            if (known is null or { Status: "pending" })
            {
                throw;
            }

            return known;
        }
    }

    private static Uri Url(CertificateOrder order) => new(order.AuthorityOrderId ?? throw new ConflictException(ConflictKind.State, ErrorIds.OrderStateInvalid, $"Order {order} was never placed.") { Target = order.Id, Remedy = "Place it: Invoke-KmChallenge." });

    /// <summary>What a server may say to "replaces" without anything being wrong with the order itself (RFC 9773 §5): it was replaced, is another account's, or is not known.</summary>
    private static bool IsAboutReplacing(AcmeProblemException e) =>
        e.Type is "alreadyReplaced" or "malformed" or "unauthorized" || e.Answer.Status is 404 or 409 || (e.Type == "serverInternal" && e.Answer.Status == 500);

    private async Task<OrderResource> NewOrderAsync(AcmeClient client, AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        DateTimeOffset? notAfter = order.EndWanted(clock.UtcNow);
        string? replaces = (await client.GetDirectoryAsync(cancellationToken).ConfigureAwait(false)).RenewalInfo is null ? null : Replaces(context, order);
        if (replaces is not null)
        {
            try
            {
                return await client.NewOrderAsync(OrderResource.Request(order.DomainNames, notAfter, order.Profile, replaces), cancellationToken).ConfigureAwait(false);
            }
            catch (AcmeProblemException e) when (IsAboutReplacing(e))
            {
                context.Reporter.Verbose($"{client.Authority} takes the order not as a replacement ({e.Message}); placing it as a new one.");
            }
        }

        return await client.NewOrderAsync(OrderResource.Request(order.DomainNames, notAfter, order.Profile, null), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The name of the certificate that is renewed, where the same account ordered it.</summary>
    private string? Replaces(AuthorityContext context, CertificateOrder order)
    {
        Certificate? renewed = order.RenewsCertificateId is string id ? store.Read(session => session.Certificates.Find(id)) : null;
        return renewed is not null && string.Equals(renewed.Account, context.Account.Name, StringComparison.OrdinalIgnoreCase) ? RenewalInfoResource.Identify(renewed.RawData) : null;
    }

    private async Task<AuthorityOrder> AnswerAsync(AcmeClient client, CertificateOrder order, OrderResource now, CancellationToken cancellationToken)
    {
        AcmeOrderData data = AcmeOrderData.Of(order);
        data.Learn(now);
        IReadOnlyList<Challenge>? challenges = now.Status switch
        {
            // What went wrong stands with the proof that went wrong.
            "invalid" => await ReadChallengesAsync(client, order, data, cancellationToken).ConfigureAwait(false),
            "pending" when order.Challenges.Count == 0 => await ReadChallengesAsync(client, order, data, cancellationToken).ConfigureAwait(false),
            "ready" or "processing" or "valid" => [.. order.Challenges.Select(c => c.Status == ChallengeStatus.Processing ? c with { Status = ChallengeStatus.Valid } : c)],
            _ => null,
        };
        return Answer(now, data, challenges);
    }

    private static AuthorityOrder Answer(OrderResource order, AcmeOrderData data, IReadOnlyList<Challenge>? challenges) => new()
    {
        AuthorityOrderId = order.Url.AbsoluteUri,
        AuthorityStatus = order.Status,
        Status = order.Status switch
        {
            "pending" => OrderStatus.PendingValidation,
            "ready" or "processing" => OrderStatus.Processing,
            "valid" => OrderStatus.Available,
            "invalid" => OrderStatus.Failed,
            _ => OrderStatus.Unknown,
        },
        Challenges = challenges,
        AuthorityData = data.ToJson(),
        ExpiresAt = order.Expires,
        RetryAfter = order.RetryAfter,
        ErrorDetail = order.Error?.ToString(),
    };

    private async Task<IReadOnlyList<Challenge>> ReadChallengesAsync(AcmeClient client, CertificateOrder order, AcmeOrderData data, CancellationToken cancellationToken)
    {
        PersistScheme persist = PersistScheme.Of(await client.GetDirectoryAsync(cancellationToken).ConfigureAwait(false), client);
        IReadOnlyList<List<Challenge>> read = await Concurrent.SelectAsync(
            data.Authorizations.Select((known, index) => (Known: known, Number: index + 1)),
            AtOnce,
            async item =>
            {
                AuthorizationResource authorization = await client.GetAuthorizationAsync(new Uri(item.Known.Url), cancellationToken).ConfigureAwait(false);
                return AcmeChallenges.Read(order, item.Number, authorization, client, persist, item.Known).ToList();
            },
            cancellationToken).ConfigureAwait(false);
        return [.. read.SelectMany(c => c)];
    }

    /// <summary>Every name needs a way to be proved that we know.</summary>
    private static void RefuseUnprovable(AcmeClient client, CertificateOrder order, AcmeOrderData data)
    {
        if (data.Authorizations.FirstOrDefault(a => a.Challenges.Count == 0) is AcmeOrderData.Authorization unknown)
        {
            throw new ChallengeException(ErrorIds.ChallengeFailed, $"{client.Authority} offers no way to prove one of the names of order {order} that KeyManager knows ({unknown.Url}).") { Target = order.Id, Remedy = "Use another authority for this name." };
        }
    }

    private async Task<IReadOnlyList<CertificateContent>?> FindChainAsync(AcmeClient client, IReadOnlyList<Uri> alternates, string wanted, CancellationToken cancellationToken)
    {
        foreach (Uri url in alternates)
        {
            IReadOnlyList<CertificateContent> chain = certificates.ReadAll((await client.DownloadAsync(url, cancellationToken).ConfigureAwait(false)).Chain, ChainSource);
            if (EndsAt(chain, wanted))
            {
                return chain;
            }
        }

        return null;
    }

    /// <summary>Whether a certificate of the chain was issued by, or is, the one of that name.</summary>
    private static bool EndsAt(IReadOnlyList<CertificateContent> chain, string wanted) =>
        chain.Any(c => Names(c.Issuer, wanted) || (c.IsAuthority && Names(c.Subject, wanted)));

    private static bool Names(string distinguishedName, string wanted) =>
        string.Equals(distinguishedName, wanted, StringComparison.OrdinalIgnoreCase)
        || distinguishedName.Split(',').Select(p => p.Trim()).Any(p => string.Equals(p, "CN=" + wanted, StringComparison.OrdinalIgnoreCase));

    private static IReadOnlyList<CertificateContent> Warned(AcmeClient client, AuthorityContext context, IReadOnlyList<CertificateContent> chain, string wanted)
    {
        context.Reporter.Warn($"{client.Authority} offers no chain that ends at '{wanted}'; taking its usual one, issued by {chain[chain.Count - 1].Issuer}.");
        return chain;
    }
}
