using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.EmSign.Protocol;
using KeyManager.Storage;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>Orders from placing to their certificates.</summary>
internal sealed class EmSignOrders(EmSignConnections connections, IStore store, ICertificateTools certificates, ICertificateRequestTools requests, Clock clock)
{
    /// <summary>What stands before the number of a request that has no number of an order.</summary>
    public const string DraftPrefix = "request/";

    private const int StillWorking = 946;
    private const int HasRequest = 1068;
    private const int IsSigned = 1082;
    private const int RevocationBegun = 972;
    private const int IsRevoked = 973;
    private const int IsCancelled = 985;

    /// <summary>Around the moment when an order was placed: nobody says in which zone the API tells days.</summary>
    private static readonly TimeSpan SearchWindow = TimeSpan.FromDays(2);

    private readonly CertificateFiles _files = new(EmSignErrors.Title, certificates, requests);

    /// <summary>The address that calls about an order name: the requester's; of an order that was placed elsewhere, that of the user of the access key.</summary>
    public static string EmailFor(CertificateOrder? order, AuthorityAccount account) =>
        order?.Requester?.Email is { Length: > 0 } own ? own
        : EmSignAccountData.Read(account.AuthorityData).Email ?? account.Contact.FirstOrDefault() ?? throw new InvalidRequestException(
            ErrorIds.ContactRequired, $"{EmSignErrors.Title} wants the e-mail address of the requester, and neither the order nor the account {account} has one.")
        {
            Target = account.Name,
            Remedy = $"Set-KmAccount {account.Name} -Contact with the address of the user to whom the access key belongs.",
        };

    public async Task<AuthorityOrder> PlaceAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        EmSignClient client = connections.Open(context);
        JObject message = OrderMessage.New(order, StoredOrders.ProductOf(store, order), client.Settings, GroupOf(order, client.Settings));
        EmSignAnswer answer = await client.SendAsync("GenerateOrderSSL", ("orderDetails", message), cancellationToken).ConfigureAwait(false);
        TrackedOrder placed = new(answer.Block("orderDetails"));
        string id = placed.OrderNumber ?? (placed.RequestNumber is string request ? DraftPrefix + request : throw EmSignErrors.Unreadable(
            client.Settings.BaseUrl(context.Account.Environment), new FormatException("it has taken the order and names no number for it")));
        AuthorityOrder known = new()
        {
            AuthorityOrderId = id,
            Status = OrderStatus.Processing,
            AuthorityStatus = "Placed",
            AuthorityData = EmSignOrderData.Write(placed, null),
            PaidUntil = order.PaidUntil ?? clock.UtcNow.AddMonths(order.ValidityMonths ?? 12),
        };
        try
        {
            AuthorityOrder now = await GetAsync(context, order with { AuthorityOrderId = id, AuthorityData = known.AuthorityData }, cancellationToken).ConfigureAwait(false);
            return now with { PaidUntil = known.PaidUntil };
        }
        catch (KeyManagerException error) when (error is not StoreException)
        {
            // It is placed; how it stands can be asked for by the next command.
            context.Reporter.Verbose($"{order} is placed as {id}; how it stands could not be asked for: {error.Message}");
            return known;
        }
    }

    public async Task<AuthorityOrder> GetAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        EmSignClient client = connections.Open(context);
        string id = order.AuthorityOrderId ?? throw new InvalidOperationException("The order has no number.");
        if (id.StartsWith(DraftPrefix, StringComparison.Ordinal))
        {
            TrackedOrder? row = await FindRowAsync(client, "requestNumber", id.Substring(DraftPrefix.Length), cancellationToken).ConfigureAwait(false);
            if (row?.OrderNumber is not string number)
            {
                return row is null
                    ? throw EmSignImport.NotFound(id)
                    : EmSignStates.Read(row, id, order, null, client.Settings.CanSign);
            }

            order = order with { AuthorityOrderId = number };
        }

        return await ReadAsync(client, order, await TrackAsync(client, order.AuthorityOrderId!, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false); // as above
    }

    /// <summary>Tells of each proof. What emSign has not seen yet it is told again whenever the order is asked for.</summary>
    public async Task<AuthorityOrder> SubmitAsync(AuthorityContext context, CertificateOrder order, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken)
    {
        EmSignClient client = connections.Open(context);
        Dictionary<string, Challenge> told = [];
        foreach (Challenge challenge in challenges.Where(c => c.Status != ChallengeStatus.Valid && !(c is { Type: ChallengeType.Email, Status: ChallengeStatus.Processing })))
        {
            told[challenge.Id] = await EmSignProofs.TellAsync(client, order, challenge, cancellationToken).ConfigureAwait(false);
        }

        return new AuthorityOrder
        {
            AuthorityOrderId = order.AuthorityOrderId ?? "",
            Status = order.Status,
            AuthorityStatus = order.AuthorityStatus ?? "",
            NextStep = order.NextStep,
            Challenges = [.. order.Challenges.Select(c => told.TryGetValue(c.Id, out Challenge? now) ? now : c)],
        };
    }

    /// <summary>The request and the signature of the agreement, where emSign still lacks them.</summary>
    public async Task<AuthorityOrder> FollowUpAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        EmSignClient client = connections.Open(context);
        string id = order.AuthorityOrderId ?? "";
        if (id.Length == 0 || id.StartsWith(DraftPrefix, StringComparison.Ordinal))
        {
            return await GetAsync(context, order, cancellationToken).ConfigureAwait(false);
        }

        TrackedOrder answer = await TrackAsync(client, id, cancellationToken).ConfigureAwait(false);
        bool isSent = false;
        if (answer.LacksRequest && order.Csr is byte[] csr)
        {
            JObject message = new() { ["requestorEmail"] = EmailFor(order, context.Account), ["orderNumber"] = id, ["csr"] = OrderMessage.Pem(csr) };
            _ = await client.SendAsync("SubmitCSR", ("orderDetails", message), cancellationToken, HasRequest).ConfigureAwait(false);
            isSent = true;
        }

        if (answer.LacksAgreement && client.Settings.CanSign && order.Requester is Contact requester)
        {
            JObject message = OrderMessage.Agreement(requester, client.Settings);
            message["requestorEmail"] = requester.Email;
            message["orderNumber"] = id;
            _ = await client.SendAsync("AgreementAcceptance", ("agreementDetails", message), cancellationToken, IsSigned).ConfigureAwait(false);
            isSent = true;
        }

        return isSent ? await GetAsync(context, order, cancellationToken).ConfigureAwait(false) : await ReadAsync(client, order, answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An interim certificate, which only shows the names until the organization is validated, is left alone: the final one comes with the same order.</summary>
    public async Task<IssuedCertificate> DownloadAsync(AuthorityContext context, string orderNumber, CertificateOrder? order, CancellationToken cancellationToken)
    {
        EmSignClient client = connections.Open(context);
        string what = $"order {(order is null ? orderNumber : order.ToString())}";
        JObject message = new() { ["requestorEmail"] = EmailFor(order, context.Account), ["orderNumber"] = orderNumber };
        EmSignAnswer answer = await client.AskAsync("GetCertificate", ("orderDetails", message), cancellationToken, StillWorking).ConfigureAwait(false);
        JObject details = answer.Block("certificateDetails");
        if (details.Flag("interimDv"))
        {
            throw CertificateFiles.NotReady($"{EmSignErrors.Title} has an interim certificate for {what} and still validates the organization; the final one is waited for.");
        }

        string[] members = ["endEntityCertificate", "subCACertificate", "caCertificate", "rootCertificate"];
        return _files.Read(members.Select(m => ($"{m} of {what}", details.Text(m))), order?.Csr, null, what);
    }

    /// <summary>
    /// By our reference, which the list of orders gives back. An order without any reference, of the same product and name and the same days, which nobody here knows, may be ours
    /// too: then nothing is ordered a second time.
    /// </summary>
    public async Task<AuthorityOrder?> FindAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken)
    {
        EmSignClient client = connections.Open(context);
        List<TrackedOrder> candidates = [];
        for (int page = 1; ; page++)
        {
            JObject search = EmSignImport.Search(page, client.Settings.ImportPageSize);
            search["domainName"] = order.DomainNames[0].Ascii;
            search["orderDateFrom"] = ApiMoment.Write(order.CreatedAt - SearchWindow);
            search["orderDateTill"] = ApiMoment.Write(clock.UtcNow + SearchWindow);
            ReportPage report = await EmSignImport.ReportAsync(client, search, cancellationToken).ConfigureAwait(false);
            if (report.Orders.FirstOrDefault(o => o.Reference == order.Id) is TrackedOrder own)
            {
                CertificateOrder known = order with { AuthorityOrderId = own.OrderNumber ?? DraftPrefix + own.RequestNumber };
                return await GetAsync(context, known, cancellationToken).ConfigureAwait(false) with { PaidUntil = order.PaidUntil ?? clock.UtcNow.AddMonths(order.ValidityMonths ?? 12) };
            }

            candidates.AddRange(report.Orders.Where(o => o.Reference is null && o.ProductCode == order.Product && string.Equals(o.CommonName, order.DomainNames[0].Ascii, StringComparison.OrdinalIgnoreCase)));
            if (!report.HasMore)
            {
                break;
            }
        }

        TrackedOrder? foreign = candidates.Find(o => !store.Read(session =>
            session.Orders.Query(new OrderQuery { AccountId = order.AccountId, AuthorityOrderId = o.OrderNumber ?? DraftPrefix + o.RequestNumber }, null, 1).Items.Any()));
        return foreign is null ? null : throw new ConflictException(
            ConflictKind.State,
            ErrorIds.OrderStateInvalid,
            string.Format(CultureInfo.InvariantCulture, "{0} has order {1} for {2} since {3:yyyy-MM-dd}, without a reference: it may be {4}. Nothing was ordered again.", EmSignErrors.Title, foreign.OrderNumber ?? foreign.RequestNumber, order.DomainNames[0], foreign.OrderedAt, order))
        {
            Target = order.Id,
            Remedy = $"Take it over with Import-KmCertificateOrder -Account {order.Account}; when it is the one, remove this one (Remove-KmCertificateOrder {order.Id}), else run the command again.",
        };
    }

    public async Task CancelAsync(AuthorityContext context, CertificateOrder order, string? comment, CancellationToken cancellationToken)
    {
        string id = order.AuthorityOrderId ?? throw new InvalidOperationException("The order has no number.");
        bool isDraft = id.StartsWith(DraftPrefix, StringComparison.Ordinal);
        JObject message = new() { [isDraft ? "requestNumber" : "orderNumber"] = isDraft ? id.Substring(DraftPrefix.Length) : id, ["rejectRemarks"] = OrderMessage.Plain(comment, "Cancelled with KeyManager") };
        EmSignAnswer answer = await connections.Open(context).SendAsync(isDraft ? "RejectRequest" : "RejectOrder", ("orderDetails", message), cancellationToken, IsCancelled).ConfigureAwait(false);
        if (answer.IsError)
        {
            context.Reporter.Verbose($"{order} was cancelled already.");
        }
    }

    public async Task RevokeAsync(AuthorityContext context, Certificate certificate, RevocationReason reason, string? comment, CancellationToken cancellationToken)
    {
        string number = reason switch
        {
            RevocationReason.KeyCompromise => "1",
            RevocationReason.AffiliationChanged => "3",
            RevocationReason.Superseded => "4",
            RevocationReason.CessationOfOperation => "5",
            _ => throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"{EmSignErrors.Title} wants a reason for a revocation, and {reason} is none that it takes.")
            {
                Target = reason,
                Remedy = "Use -Reason KeyCompromise, AffiliationChanged, Superseded or CessationOfOperation.",
            },
        };
        CertificateOrder order = StoredOrders.Of(store, certificate, EmSignErrors.Title);
        string id = order.AuthorityOrderId ?? (await FindAsync(context, order, cancellationToken).ConfigureAwait(false))?.AuthorityOrderId ?? throw EmSignImport.NotFound(order.Id);
        EmSignClient client = connections.Open(context);
        JObject message = new()
        {
            ["orderNumber"] = id,
            ["requestorEmail"] = EmailFor(order, context.Account),
            ["revokeReasonId"] = number,
            ["revokeRemarks"] = OrderMessage.Plain(comment, "Revoked with KeyManager"),
        };
        EmSignAnswer answer = await client.SendAsync("RevokeOrder", ("revocationDetails", message), cancellationToken, RevocationBegun, IsRevoked).ConfigureAwait(false);
        if (answer.Code == IsRevoked)
        {
            context.Reporter.Verbose($"{certificate} was revoked already.");
            return;
        }

        switch ((await TrackAsync(client, id, cancellationToken).ConfigureAwait(false)).RevokeStatus)
        {
            case 3 or 6:
                throw new AuthorityException(ErrorIds.AuthorityRejected, $"{EmSignErrors.Title} has rejected the revocation of {certificate}.") { Target = certificate.Id, Remedy = "Its portal shows why; ask its support." };
            case 1 or 4:
                context.Reporter.Warn($"{EmSignErrors.Title} has taken note that {certificate} shall be revoked and does it in a while; its portal shows when it was done.");
                break;
        }
    }

    private static async Task<TrackedOrder> TrackAsync(EmSignClient client, string orderNumber, CancellationToken cancellationToken) => new(
        (await client.AskAsync("TrackOrder", ("orderDetails", new JObject { ["orderNumber"] = orderNumber }), cancellationToken).ConfigureAwait(false)).Block("orderDetails"));

    private static async Task<TrackedOrder?> FindRowAsync(EmSignClient client, string member, string value, CancellationToken cancellationToken)
    {
        JObject search = EmSignImport.Search(1, client.Settings.ImportPageSize);
        search[member] = value;
        return (await EmSignImport.ReportAsync(client, search, cancellationToken).ConfigureAwait(false)).Orders.FirstOrDefault();
    }

    private static async Task<AuthorityOrder> ReadAsync(EmSignClient client, CertificateOrder order, TrackedOrder answer, CancellationToken cancellationToken)
    {
        string id = order.AuthorityOrderId!; // tracked by it
        bool canSign = client.Settings.CanSign;
        AuthorityOrder state = EmSignStates.Read(answer, id, order, null, canSign);
        bool mayLackProof = state.Status == OrderStatus.Processing || (state.Status == OrderStatus.Available && !EmSignStates.IsIssued(answer));
        if (!mayLackProof || await EmSignProofs.ReadAsync(client, order, answer, cancellationToken).ConfigureAwait(false) is not IReadOnlyList<Challenge> found)
        {
            return state;
        }

        List<Challenge> challenges = [];
        foreach (Challenge challenge in found)
        {
            challenges.Add(EmSignProofs.HasToBeToldAgain(challenge) ? await EmSignProofs.TellAsync(client, order, challenge, cancellationToken).ConfigureAwait(false) : challenge);
        }

        return EmSignStates.Read(answer, id, order, challenges, canSign);
    }

    /// <summary>The group that the account names, else one that may use the organization, else the default one.</summary>
    private string? GroupOf(CertificateOrder order, EmSignSettings settings)
    {
        if (settings.Group is string own)
        {
            return own;
        }

        List<AuthorityGroup> groups = [.. store.Read(session => session.Directory.Groups(order.AccountId)).Where(g => g.MissingSince is null).OrderByDescending(g => g.IsDefault)];
        IReadOnlyList<string> allowed = order.Organization?.Groups ?? [];
        return (groups.Find(g => allowed.Contains(g.Id)) ?? groups.FirstOrDefault())?.Id ?? allowed.FirstOrDefault();
    }
}
