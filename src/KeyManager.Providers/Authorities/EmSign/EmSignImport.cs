using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.EmSign.Protocol;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>The orders of an account, page by page (GetOrderReport).</summary>
internal sealed class EmSignImport(EmSignConnections connections, EmSignOrders orders, Clock clock)
{
    /// <summary>Some systems answer with a refusal where a list is empty.</summary>
    private static readonly Regex Nothing = new(@"\bno\W+(\w+\W+)?(records?|orders?|data|results?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    public async Task<ForeignOrderPage> ListAsync(AuthorityContext context, string? after, CancellationToken cancellationToken)
    {
        EmSignClient client = connections.Open(context);
        int size = client.Settings.ImportPageSize;

        // The place is kept in orders and not in pages, for a page size that was changed meanwhile.
        int first = int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : 0;
        int page = (first / size) + 1;
        ReportPage report = await ReportAsync(client, Search(page, size), cancellationToken).ConfigureAwait(false);
        string? next = report.HasMore ? (page * size).ToString(CultureInfo.InvariantCulture) : null;
        return new ForeignOrderPage([.. report.Orders.Select(Describe).OfType<ForeignOrder>()], next, FormattableString.Invariant($"page {page}"));
    }

    public async Task<ForeignOrder> FindAsync(AuthorityContext context, string authorityOrderId, CancellationToken cancellationToken)
    {
        bool isDraft = authorityOrderId.StartsWith(EmSignOrders.DraftPrefix, StringComparison.Ordinal);
        EmSignClient client = connections.Open(context);
        JObject search = Search(1, client.Settings.ImportPageSize);
        search[isDraft ? "requestNumber" : "orderNumber"] = isDraft ? authorityOrderId.Substring(EmSignOrders.DraftPrefix.Length) : authorityOrderId;
        ReportPage report = await ReportAsync(client, search, cancellationToken).ConfigureAwait(false);
        return report.Orders.Select(Describe).OfType<ForeignOrder>().FirstOrDefault() ?? throw NotFound(authorityOrderId);
    }

    /// <summary>What the list leaves out: who has asked for it, and how far control of the names is proved. What to publish is asked for when somebody goes on with the order.</summary>
    public async Task<ForeignOrder> DescribeAsync(AuthorityContext context, ForeignOrder order, CancellationToken cancellationToken)
    {
        EmSignClient client = connections.Open(context);
        EmSignAnswer answer = await client.AskAsync("TrackOrder", ("orderDetails", new JObject { ["orderNumber"] = order.State.AuthorityOrderId }), cancellationToken).ConfigureAwait(false);
        TrackedOrder tracked = new(answer.Block("orderDetails"));
        DateTimeOffset now = clock.UtcNow;
        AuthorityOrder state = EmSignStates.Read(tracked, order.State.AuthorityOrderId, null, null, client.Settings.CanSign);
        bool isOpen = state.Status == OrderStatus.Processing && tracked.Domains.Any(d => !d.IsProved);
        string[] name = (tracked.RequesterName ?? "").Split([' '], 2);
        return order with
        {
            State = state with
            {
                Status = isOpen ? OrderStatus.PendingValidation : state.Status,
                NextStep = isOpen ? $"Prove control of {string.Join(", ", tracked.Domains.Where(d => !d.IsProved).Select(d => d.Text))}: Invoke-KmChallenge" : state.NextStep,

                // The list decides whether something has changed.
                AuthorityData = order.State.AuthorityData,
                AuthorityStatus = order.State.AuthorityStatus,
            },
            DomainNames = [.. order.DomainNames.Concat(tracked.Domains.Select(d => d.Name)).Distinct()],
            Requester = tracked.RequesterEmail is not string email ? order.Requester : new Contact
            {
                Id = "",
                Name = "Requester",
                FirstName = name[0],
                LastName = name.Length > 1 ? name[1] : "",
                Email = email,
                Phone = tracked.RequesterPhone ?? "",
                Title = tracked.RequesterTitle,
                CreatedAt = now,
                UpdatedAt = now,
            },
            NeedsStatus = false,
        };
    }

    public Task<IssuedCertificate> DownloadAsync(AuthorityContext context, ForeignOrder order, CancellationToken cancellationToken) =>
        orders.DownloadAsync(context, order.State.AuthorityOrderId, null, cancellationToken);

    /// <summary>All orders, without conditions.</summary>
    public static JObject Search(int page, int size) => new()
    {
        ["pageNumber"] = page.ToString(CultureInfo.InvariantCulture),
        ["pageSize"] = size.ToString(CultureInfo.InvariantCulture),
    };

    public static async Task<ReportPage> ReportAsync(EmSignClient client, JObject search, CancellationToken cancellationToken)
    {
        EmSignAnswer answer;
        try
        {
            answer = await client.AskAsync("GetOrderReport", ("searchCriteria", search), cancellationToken).ConfigureAwait(false);
        }
        catch (KeyManagerException refused) when ((refused is AuthorityException { IsRefusal: true } && Nothing.IsMatch(refused.Message)) || refused is NotFoundException)
        {
            return new ReportPage([], false);
        }

        JObject details = answer.Block("orderDetails");
        IReadOnlyList<JObject> rows = details.Objects("ordersArray");
        int page = int.Parse((string)search["pageNumber"]!, CultureInfo.InvariantCulture); // written above
        int size = int.Parse((string)search["pageSize"]!, CultureInfo.InvariantCulture);
        bool hasMore = rows.Count > 0 && (details.Number("noOfPages") is int pages ? page < pages : rows.Count >= size);
        return new ReportPage([.. rows.Select(r => new TrackedOrder(r))], hasMore);
    }

    public static NotFoundException NotFound(string id) => new(ErrorIds.OrderNotFound, $"{EmSignErrors.Title} has no order '{id}' of this account.")
    {
        Target = id,
        Remedy = "Give the number that its portal shows.",
    };

    private ForeignOrder? Describe(TrackedOrder row)
    {
        string? draft = row.RequestNumber is string request ? EmSignOrders.DraftPrefix + request : null;
        if ((row.OrderNumber ?? draft) is not string id)
        {
            return null;
        }

        AuthorityOrder state = EmSignStates.Read(row, id, null, null, canSign: false);
        bool hasEnded = state.Status is OrderStatus.Revoked or OrderStatus.Expired;
        bool isPending = state.Status is OrderStatus.Processing or OrderStatus.Unknown || (state.Status == OrderStatus.Available && !EmSignStates.IsIssued(row));
        return new ForeignOrder
        {
            State = state with { Status = isPending && state.Status == OrderStatus.Available ? OrderStatus.Processing : state.Status },
            Reference = row.Reference,
            FormerOrderId = row.OrderNumber is null ? null : draft,
            DomainNames = DomainName.TryParse(row.CommonName, out DomainName name) ? [name] : [],
            Product = row.ProductCode,
            Vendor = ProductResource.Vendor,
            Organization = row.OrganizationName is not string organization ? null : new Organization { Id = "", Name = organization, LegalName = organization, CreatedAt = clock.UtcNow, UpdatedAt = clock.UtcNow },
            PlacedAt = row.OrderedAt,
            CertificateEnd = row.CertificateEnd,
            HasCertificate = EmSignStates.IsIssued(row) || (hasEnded && row.SerialText is not null),
            NeedsStatus = isPending && row.OrderNumber is not null,
        };
    }
}
