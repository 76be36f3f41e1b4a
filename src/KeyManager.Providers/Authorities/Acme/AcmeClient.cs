using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>The requests of one account, one method for each.</summary>
internal sealed class AcmeClient(string authority, AcmeSession session, AccountKey key, string accountUrl, IReporter reporter, Clock clock)
{
    private const string ChainType = "application/pem-certificate-chain";

    /// <summary>A list of orders is read no further than this: it is a convenience.</summary>
    private const int MostOrderPages = 5;

    /// <summary>What messages call the server.</summary>
    public string Authority { get; } = authority;

    public AccountKey Key { get; } = key;

    public string AccountUrl { get; } = accountUrl;

    public Task<DirectoryResource> GetDirectoryAsync(CancellationToken cancellationToken) => session.GetDirectoryAsync(reporter, cancellationToken);

    public async Task<AccountResource> GetAccountAsync(CancellationToken cancellationToken)
    {
        HttpAnswer answer = await PostAsync(new Uri(AccountUrl), null, true, cancellationToken).ConfigureAwait(false);
        return AccountResource.Read(JsonReading.Parse(answer.Body), answer.Url);
    }

    public async Task<AccountResource> UpdateAccountAsync(JObject change, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await PostAsync(new Uri(AccountUrl), change, true, cancellationToken).ConfigureAwait(false);
        return AccountResource.Read(JsonReading.Parse(answer.Body), answer.Url);
    }

    public async Task ChangeKeyAsync(AccountKey newKey, CancellationToken cancellationToken)
    {
        _ = await session.SendAsync(
            "keyChange",
            d => d.KeyChange,
            url => PostAsync(url, AccountResource.KeyChange(AccountUrl, Key, newKey, url.AbsoluteUri), false, cancellationToken),
            reporter,
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<OrderResource> NewOrderAsync(JObject request, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await session.SendAsync("newOrder", d => d.NewOrder, url => PostAsync(url, request, false, cancellationToken), reporter, cancellationToken).ConfigureAwait(false);
        Uri order = JsonReading.ToUrl(answer.First("Location"), answer.Url) ?? throw AcmeErrors.Unreadable(Authority, answer.Url, "a new order came without its address.");
        return ReadOrder(answer, order);
    }

    public async Task<OrderResource> GetOrderAsync(Uri url, CancellationToken cancellationToken) =>
        ReadOrder(await PostAsync(url, null, true, cancellationToken).ConfigureAwait(false), url);

    public async Task<OrderResource> FinalizeAsync(Uri order, Uri finalize, byte[] csr, CancellationToken cancellationToken) =>
        ReadOrder(await PostAsync(finalize, OrderResource.Finalization(csr), true, cancellationToken).ConfigureAwait(false), order);

    public async Task<AuthorizationResource> GetAuthorizationAsync(Uri url, CancellationToken cancellationToken) =>
        AuthorizationResource.Read(Json(await PostAsync(url, null, true, cancellationToken).ConfigureAwait(false), "an authorization"), url);

    public Task DeactivateAuthorizationAsync(Uri url, CancellationToken cancellationToken) => PostAsync(url, AuthorizationResource.Deactivation(), true, cancellationToken);

    public async Task<ChallengeResource> SubmitAsync(Uri challenge, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await PostAsync(challenge, ChallengeResource.Response(), true, cancellationToken).ConfigureAwait(false);
        return ChallengeResource.Read(JsonReading.Parse(answer.Body) ?? [], challenge);
    }

    /// <summary>The chain that a server offers first, and where it has the others.</summary>
    public async Task<(byte[] Chain, IReadOnlyList<Uri> Alternates)> DownloadAsync(Uri url, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await session.PostAsync(url, null, Key, AccountUrl, true, ChainType, reporter, cancellationToken).ConfigureAwait(false);
        return (answer.Body, HeaderValues.ReadLinks(answer.All("Link"), "alternate", url));
    }

    public async Task RevokeAsync(JObject request, CancellationToken cancellationToken)
    {
        _ = await session.SendAsync("revokeCert", d => d.RevokeCert, url => PostAsync(url, request, true, cancellationToken), reporter, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Revokes without an account: whoever has the key of the certificate may (RFC 8555 §7.6).</summary>
    public async Task RevokeAsync(JObject request, AccountKey certificateKey, CancellationToken cancellationToken)
    {
        _ = await session.SendAsync(
            "revokeCert",
            d => d.RevokeCert,
            url => session.PostAsync(url, request, certificateKey, null, true, null, reporter, cancellationToken),
            reporter,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The addresses of the account's orders, as far as the server lists them (RFC 8555 §7.1.2.1).</summary>
    public async Task<IReadOnlyList<Uri>> ListOrdersAsync(CancellationToken cancellationToken)
    {
        List<Uri> orders = [];
        Uri? page = (await GetAccountAsync(cancellationToken).ConfigureAwait(false)).Orders;
        for (int i = 0; i < MostOrderPages && page is not null; i++)
        {
            HttpAnswer answer = await PostAsync(page, null, true, cancellationToken).ConfigureAwait(false);
            orders.AddRange((JsonReading.Parse(answer.Body) ?? []).Urls("orders", page));
            page = HeaderValues.ReadLinks(answer.All("Link"), "next", page).FirstOrDefault();
        }

        return orders;
    }

    /// <summary>When to renew; <c>null</c> where the server has no opinion.</summary>
    /// <exception cref="AuthorityException">KmAuthorityAnswerUnreadable: it has one that makes no sense.</exception>
    public async Task<RenewalWindow?> GetRenewalWindowAsync(byte[] certificate, CancellationToken cancellationToken)
    {
        DirectoryResource directory = await GetDirectoryAsync(cancellationToken).ConfigureAwait(false);
        if (directory.RenewalInfo is null || RenewalInfoResource.Identify(certificate) is not string name)
        {
            return null;
        }

        HttpAnswer answer = await session.SendAsync(
            "renewalInfo",
            d => d.RenewalInfo,
            url => session.GetAsync(new Uri(url.AbsoluteUri.TrimEnd('/') + "/" + name), reporter, cancellationToken),
            reporter,
            cancellationToken).ConfigureAwait(false);
        if (answer.Status == 404)
        {
            return null;
        }

        if (!answer.IsSuccess)
        {
            throw AcmeErrors.Explain(Authority, answer, clock.UtcNow);
        }

        return RenewalInfoResource.Read(JsonReading.Parse(answer.Body), RetryAfter.Read(answer.First("Retry-After"), clock.UtcNow), clock.UtcNow)
            ?? throw AcmeErrors.Unreadable(Authority, answer.Url, "the window for the renewal is none.");
    }

    private Task<HttpAnswer> PostAsync(Uri url, JObject? payload, bool isRepeatable, CancellationToken cancellationToken) =>
        session.PostAsync(url, payload, Key, AccountUrl, isRepeatable, null, reporter, cancellationToken);

    private OrderResource ReadOrder(HttpAnswer answer, Uri url) =>
        OrderResource.Read(Json(answer, "an order"), url, RetryAfter.Read(answer.First("Retry-After"), clock.UtcNow));

    private JObject Json(HttpAnswer answer, string what) => JsonReading.Parse(answer.Body) ?? throw AcmeErrors.Unreadable(Authority, answer.Url, $"{what} is no JSON object.");
}
