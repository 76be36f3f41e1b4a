using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.SslStore.Protocol;
using KeyManager.Storage;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>Orders from placing to their certificates.</summary>
internal sealed class SslStoreOrders(SslStoreConnections connections, IStore store, ICertificateTools certificates, ICertificateRequestTools requests, Clock clock)
{
    /// <summary>Around the moment when an order was placed; the clocks of two machines differ, and their days too.</summary>
    private static readonly TimeSpan SearchWindow = TimeSpan.FromDays(2);

    private const int SearchPageSize = 100;

    private readonly SslStoreCertificates _certificates = new(certificates, requests);

    public async Task<AuthorityOrder> PlaceAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        SslStoreClient client = connections.Open(context);
        Product product = StoredOrders.ProductOf(store, order);
        string csr = await EncodeAsync(client, order, product, cancellationToken).ConfigureAwait(false);
        string? renewed = order.RenewsCertificateId is null ? null : RenewedOrderId(order);
        ApiAnswer answer = await client.SendAsync("order/neworder", OrderMessage.New(order, product, csr, renewed), cancellationToken).ConfigureAwait(false);
        return Read(answer, order, client);
    }

    public async Task RehearseAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        SslStoreClient client = connections.Open(context);
        Product product = StoredOrders.ProductOf(store, order);
        string csr = await EncodeAsync(client, order, product, cancellationToken).ConfigureAwait(false);
        _ = await client.AskAsync("order/validate", OrderMessage.Validate(order, product, csr), cancellationToken).ConfigureAwait(false);
    }

    public async Task<AuthorityOrder> GetAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        SslStoreClient client = connections.Open(context);
        return Read(await client.AskAsync("order/status", ById(order), cancellationToken).ConfigureAwait(false), order, client);
    }

    /// <summary>Sectigo and the API look by themselves; for the others they can be asked to look now. Whether that works changes nothing about the order.</summary>
    public async Task<AuthorityOrder> SubmitAsync(AuthorityContext context, CertificateOrder order, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken)
    {
        SslStoreClient client = connections.Open(context);
        if (!OrderMessage.IsSectigo(StoredOrders.ProductOf(store, order)))
        {
            foreach (Challenge challenge in challenges.Where(c => c.Type != ChallengeType.Email))
            {
                JObject message = ById(order);
                message["DomainName"] = challenge.DomainName.Ascii;
                try
                {
                    _ = await client.AskAsync("digicert/checkdcv/", message, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception error) when (error is AuthorityException or TransportException or RateLimitException)
                {
                    context.Reporter.Verbose($"The proof for {challenge.DomainName} was not looked at yet: {error.Message}");
                }
            }
        }

        return new AuthorityOrder { AuthorityOrderId = order.AuthorityOrderId ?? "", Status = order.Status, AuthorityStatus = order.AuthorityStatus ?? "" };
    }

    public async Task<IssuedCertificate> DownloadAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        JObject message = ById(order);
        message["ReturnPKCS7Cert"] = false;
        message["DateTimeCulture"] = OrderMessage.Culture;
        ApiAnswer answer = await connections.Open(context).AskAsync("order/download", message, cancellationToken).ConfigureAwait(false);
        string? replaced = order.ReissuesOrderId is not null && order.RenewsCertificateId is string id ? store.Read(session => session.Certificates.Find(id))?.SerialNumber : null;
        return _certificates.Read(answer.Item, order.Csr, replaced, $"order {order}");
    }

    /// <summary>
    /// By our reference. That the API knows none is believed only when its list of the days around it has none either: a no may be for many reasons, and a second order costs money.
    /// </summary>
    public async Task<AuthorityOrder?> FindAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        SslStoreClient client = connections.Open(context);
        try
        {
            ApiAnswer answer = await client.AskAsync("order/status", new JObject { ["CustomOrderID"] = order.Id, ["DateTimeCulture"] = OrderMessage.Culture }, cancellationToken).ConfigureAwait(false);
            if (new OrderResource(answer.Item).OrderId is not null)
            {
                return Read(answer, order, client);
            }
        }
        catch (AuthorityException refused) when (refused.IsRefusal)
        {
            context.Reporter.Verbose($"{SslStoreErrors.Title} does not know the reference {order.Id}; looking through its list. {refused.Message}");
        }

        return await SearchAsync(client, order, cancellationToken).ConfigureAwait(false) is OrderResource found ? SslStoreStates.Read(found, order, client.Settings.DnsRecord) : null;
    }

    public async Task<AuthorityOrder> ReissueAsync(AuthorityContext context, CertificateOrder order, CertificateOrder original, CancellationToken cancellationToken)
    {
        SslStoreClient client = connections.Open(context);
        Product product = StoredOrders.ProductOf(store, order);
        string csr = await EncodeAsync(client, order, product, cancellationToken).ConfigureAwait(false);
        ApiAnswer answer = await client.SendAsync("order/reissue", OrderMessage.Reissue(order, original, product, csr), cancellationToken).ConfigureAwait(false);
        return Read(answer, order, client);
    }

    /// <summary>A reissue gives the order another partner number, and lets it wait.</summary>
    public async Task<AuthorityOrder?> FindReissueAsync(AuthorityContext context, CertificateOrder order, CertificateOrder original, CancellationToken cancellationToken)
    {
        SslStoreClient client = connections.Open(context);
        ApiAnswer answer = await client.AskAsync("order/status", ById(order), cancellationToken).ConfigureAwait(false);
        OrderResource now = new(answer.Item);
        string? before = SslStoreOrderData.Read(original.AuthorityData).PartnerOrderId;
        bool isTaken = SslStoreStates.IsReissuing(now) || (before is not null && now.PartnerOrderId is not null && now.PartnerOrderId != before);
        return isTaken ? Read(answer, order, client) : null;
    }

    public async Task<AuthorityOrder> RequestRefundAsync(AuthorityContext context, CertificateOrder order, string? comment, bool mayBeAsked, CancellationToken cancellationToken)
    {
        SslStoreClient client = connections.Open(context);
        if (mayBeAsked)
        {
            ApiAnswer before = await client.AskAsync("order/refundstatus", ById(order), cancellationToken).ConfigureAwait(false);
            OrderResource known = new(before.Item);
            if (known.RefundRequestId is not null || known.IsRefundApproved)
            {
                return Refund(before, order, client);
            }
        }

        JObject message = ById(order);
        message["RefundReason"] = string.IsNullOrWhiteSpace(comment) ? "Not needed" : comment;
        message["RefundRequestID"] = order.Id;
        return Refund(await client.SendAsync("order/refundrequest", message, cancellationToken).ConfigureAwait(false), order, client);
    }

    /// <summary>A revocation is a request too; what comes of it shows the status of the order.</summary>
    public async Task RevokeAsync(AuthorityContext context, Certificate certificate, CancellationToken cancellationToken)
    {
        CertificateOrder order = StoredOrders.Of(store, certificate, SslStoreErrors.Title);
        SslStoreClient client = connections.Open(context);
        JObject message = ById(order);
        message["SerialNumber"] = certificate.SerialNumber;
        try
        {
            _ = await client.SendAsync("order/certificaterevokerequest", message, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthorityException refused) when (refused.IsRefusal)
        {
            AuthorityOrder now = Read(await client.AskAsync("order/status", ById(order), cancellationToken).ConfigureAwait(false), order, client);
            if (now.Status is not (OrderStatus.Revoked or OrderStatus.Cancelled))
            {
                throw;
            }

            context.Reporter.Verbose($"{certificate} was revoked already.");
        }
    }

    public async Task<IReadOnlyList<ApproverEmail>> GetApproversAsync(AuthorityContext context, string productCode, DomainName name, CancellationToken cancellationToken)
    {
        ApiAnswer answer = await connections.Open(context).AskAsync("order/approverlist", new JObject { ["ProductCode"] = productCode, ["DomainName"] = name.Ascii }, cancellationToken).ConfigureAwait(false);
        return
        [
            .. answer.Item.Texts("ApproverEmailList")
                .Where(a => a.IndexOf('@') > 0 && !a.EndsWith("@geotrust.com", StringComparison.OrdinalIgnoreCase)) // stands for "none", of a vendor's own
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Select(a => new ApproverEmail { DomainName = name, Address = a, IsConstructed = ApproverEmail.IsConstructedFor(name, a) }),
        ];
    }

    public Task ResendAsync(AuthorityContext context, CertificateOrder order, Challenge challenge, CancellationToken cancellationToken)
    {
        JObject message = ById(order);
        message["ResendEmailType"] = "ApproverEmail";
        message["ResendEmail"] = challenge.Location ?? "";
        message["DomainNames"] = challenge.DomainName.Ascii;
        return connections.Open(context).SendAsync("order/resend", message, cancellationToken);
    }

    public Task ChangeApproverAsync(AuthorityContext context, CertificateOrder order, Challenge challenge, string address, CancellationToken cancellationToken)
    {
        JObject message = ById(order);
        message["ResendEmail"] = address;
        message["DomainNames"] = challenge.DomainName.Ascii;
        return connections.Open(context).SendAsync("order/changeapproveremail", message, cancellationToken);
    }

    /// <summary>By the number of the API, or by ours where that is not known yet.</summary>
    private static JObject ById(CertificateOrder order) => order.AuthorityOrderId is null ? new() { ["CustomOrderID"] = order.Id } : new() { ["TheSSLStoreOrderID"] = order.AuthorityOrderId };

    private static AuthorityOrder Read(ApiAnswer answer, CertificateOrder order, SslStoreClient client)
    {
        try
        {
            return SslStoreStates.Read(new OrderResource(answer.Item), order, client.Settings.DnsRecord);
        }
        catch (FormatException problem)
        {
            throw SslStoreErrors.Unreadable(client.Settings.BaseUrl(AuthorityEnvironment.Production), problem);
        }
    }

    /// <summary>An answer about money need not say how the order itself stands.</summary>
    private static AuthorityOrder Refund(ApiAnswer answer, CertificateOrder order, SslStoreClient client)
    {
        OrderResource resource = new(answer.Item);
        AuthorityOrder state = Read(answer, order, client);
        return resource.MajorStatus.Length > 0 ? state : state with { Status = resource.IsRefundApproved ? OrderStatus.Cancelled : order.Status };
    }

    /// <summary>The request in the form that the API reads, found out with a question that orders nothing.</summary>
    private static async Task<string> EncodeAsync(SslStoreClient client, CertificateOrder order, Product product, CancellationToken cancellationToken)
    {
        byte[] csr = order.Csr ?? throw new InvalidOperationException("The order has no request.");
        if (client.Settings.RequestEncoding != CsrEncoding.Auto)
        {
            return CsrEncoding.Write(csr, client.Settings.RequestEncoding);
        }

        AuthorityException? first = null;
        foreach (string encoding in CsrEncoding.Tried)
        {
            string text = CsrEncoding.Write(csr, encoding);
            try
            {
                _ = await client.AskAsync("csr/", new JObject { ["ProductCode"] = product.Code, ["CSR"] = text }, cancellationToken).ConfigureAwait(false);
                return text;
            }
            catch (AuthorityException refused) when (refused.IsRefusal && refused.ErrorId == ErrorIds.AuthorityRejected)
            {
                first ??= refused;
            }
        }

        throw first!; // there are encodings to try
    }

    private async Task<OrderResource?> SearchAsync(SslStoreClient client, CertificateOrder order, CancellationToken cancellationToken)
    {
        for (int page = 1; ; page++)
        {
            JObject message = SslStoreImport.Query(page, SearchPageSize);
            message["StartDate"] = ApiDate.Write(order.CreatedAt - SearchWindow);
            message["EndDate"] = ApiDate.Write(clock.UtcNow + SearchWindow);
            ApiAnswer answer = await client.AskAsync("order/query", message, cancellationToken).ConfigureAwait(false);
            OrderResource? found = answer.Items.Select(i => new OrderResource(i)).FirstOrDefault(o => o.Reference == order.Id && o.OrderId is not null);
            if (found is not null || answer.Items.Count < SearchPageSize)
            {
                return found;
            }
        }
    }

    private string? RenewedOrderId(CertificateOrder order) => store.Read(session =>
        session.Certificates.Find(order.RenewsCertificateId!)?.OrderId is string id && session.Orders.Find(id) is { } before && before.AccountId == order.AccountId ? before.AuthorityOrderId : null); // asked for renewals only
}
