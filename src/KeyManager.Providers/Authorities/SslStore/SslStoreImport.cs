using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.SslStore.Protocol;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>The orders of an account, page by page (order/query).</summary>
internal sealed class SslStoreImport(SslStoreConnections connections, SslStoreCertificates certificates, Clock clock)
{
    public async Task<ForeignOrderPage> ListAsync(AuthorityContext context, string? after, CancellationToken cancellationToken)
    {
        SslStoreClient client = connections.Open(context);
        int size = client.Settings.ImportPageSize;

        // The place is kept in orders and not in pages, for a page size that was changed meanwhile.
        int first = int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : 0;
        int page = (first / size) + 1;
        ApiAnswer answer = await client.AskAsync("order/query", Query(page, size), cancellationToken).ConfigureAwait(false);
        List<ForeignOrder> orders = [.. answer.Items.Select(i => Describe(new OrderResource(i), client)).OfType<ForeignOrder>()];
        string? next = answer.Items.Count < size ? null : (page * size).ToString(CultureInfo.InvariantCulture);
        return new ForeignOrderPage(orders, next, FormattableString.Invariant($"page {page}"));
    }

    public async Task<ForeignOrder> FindAsync(AuthorityContext context, string authorityOrderId, CancellationToken cancellationToken)
    {
        SslStoreClient client = connections.Open(context);
        try
        {
            ApiAnswer answer = await client.AskAsync(
                "order/status", new JObject { ["TheSSLStoreOrderID"] = authorityOrderId, ["DateTimeCulture"] = OrderMessage.Culture }, cancellationToken).ConfigureAwait(false);
            return Describe(new OrderResource(answer.Item), client) ?? throw new FormatException();
        }
        catch (Exception error) when (error is FormatException or AuthorityException { IsRefusal: true })
        {
            throw new NotFoundException(ErrorIds.OrderNotFound, $"{SslStoreErrors.Title} has no order '{authorityOrderId}' of this account. {(error is AuthorityException ? error.Message : "")}".TrimEnd())
            {
                Target = authorityOrderId,
                Remedy = "Give the number that its portal shows (TheSSLStoreOrderID).",
            };
        }
    }

    public async Task<IssuedCertificate> DownloadAsync(AuthorityContext context, ForeignOrder order, CancellationToken cancellationToken)
    {
        ApiAnswer answer = await connections.Open(context).AskAsync(
            "order/download",
            new JObject { ["TheSSLStoreOrderID"] = order.State.AuthorityOrderId, ["ReturnPKCS7Cert"] = false, ["DateTimeCulture"] = OrderMessage.Culture },
            cancellationToken).ConfigureAwait(false);
        return certificates.Read(answer.Item, null, null, $"order {order.State.AuthorityOrderId}");
    }

    /// <summary>All orders, without conditions.</summary>
    public static JObject Query(int page, int size) => new()
    {
        ["DomainName"] = "",
        ["SubUserID"] = "",
        ["ProductCode"] = "",
        ["DateTimeCulture"] = OrderMessage.Culture,
        ["PageNumber"] = page,
        ["PageSize"] = size,
    };

    private ForeignOrder? Describe(OrderResource order, SslStoreClient client)
    {
        if (order.OrderId is null)
        {
            return null;
        }

        DateTimeOffset now = clock.UtcNow;
        AuthorityOrder state = SslStoreStates.Read(order, null, client.Settings.DnsRecord);
        bool isPending = state.Status is OrderStatus.PendingValidation or OrderStatus.Processing && !order.IsInvitation;
        return new ForeignOrder
        {
            State = state,
            Reference = order.Reference,
            DomainNames = order.Names(),
            Product = order.ProductCode,
            Vendor = order.ProductCode is null ? order.VendorName : ProductResource.VendorOf(order.VendorName, order.ProductCode, order.ProductName ?? ""),
            ValidityMonths = order.ValidityMonths,
            ServerCount = order.ServerCount,
            ServerType = order.WebServerType,
            AdminContact = order.Admin(now),
            TechnicalContact = order.Technician(now),
            Organization = order.Organization(now),
            ChallengeType = SslStoreProofs.TypeOf(order),
            PlacedAt = order.PurchasedAt,
            SerialNumber = order.SerialNumber,
            CertificateEnd = order.CertificateEnd,
            HasCertificate = state.Status == OrderStatus.Available || (state.Status is OrderStatus.Revoked or OrderStatus.Expired && order.CertificateStart is not null),
            NeedsStatus = isPending && order.Validations.Count == 0 && order.AliasName is null && order.FileName is null && order.ApproverEmails.Count == 0,
        };
    }
}
