using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.EmSign.Protocol;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>What an order wants proved, as challenges, one for each name: asked for once (GetDcv), told (VerifyDcv), and told again as long as emSign has not seen it.</summary>
internal static class EmSignProofs
{
    private const int NotReady = 956;
    private const int IsVerified = 1080;

    /// <summary>emSign has looked, and not seen it yet.</summary>
    private static readonly int[] NotSeen = [1076, 1077, 1078, 1079];

    private const string FileFolder = "/.well-known/pki-validation/";

    /// <summary>The challenges of an order; <c>null</c> when it has none yet.</summary>
    public static async Task<IReadOnlyList<Challenge>?> ReadAsync(EmSignClient client, CertificateOrder order, TrackedOrder answer, CancellationToken cancellationToken)
    {
        List<Challenge> challenges = [];
        foreach (DomainRow row in answer.Domains)
        {
            Challenge? known = order.Challenges.FirstOrDefault(c => NameOf(c) == row.Text && (row.IsProved || c.Type == TypeFor(order, row)));
            Challenge? now = row.IsProved ? (known ?? Make(order, row, TypeFor(order, row), null, null, null)) with { Status = ChallengeStatus.Valid, ErrorDetail = null }
                : known is { Status: not ChallengeStatus.Valid } ? Refused(known, row)
                : await AskAsync(client, order, row, cancellationToken).ConfigureAwait(false);
            if (now is not null)
            {
                challenges.Add(now);
            }
        }

        return challenges.Count == 0 ? null : challenges;
    }

    /// <summary>Tells that a proof is published; answers the challenge as it stands then. A mail is sent by this, and not twice.</summary>
    public static async Task<Challenge> TellAsync(EmSignClient client, CertificateOrder order, Challenge challenge, CancellationToken cancellationToken)
    {
        JObject message = Message(order, client.Account, NameOf(challenge), challenge.Type);
        if (challenge.Type == ChallengeType.Email)
        {
            message["dcvEmail"] = challenge.Location;
        }

        EmSignAnswer answer = await client.AskAsync("VerifyDcv", ("dcvDetails", message), cancellationToken, [NotReady, IsVerified, .. NotSeen]).ConfigureAwait(false);
        return challenge with
        {
            Status = answer.Code == IsVerified ? ChallengeStatus.Valid : ChallengeStatus.Processing,
            ErrorDetail = answer.IsError && answer.Code != IsVerified ? $"{EmSignErrorTable.Find(answer.Code).Meaning} (EMS-{answer.Code})" : null,
        };
    }

    /// <summary>True when emSign was told, has looked, and said that it saw nothing: it does not look again by itself.</summary>
    public static bool HasToBeToldAgain(Challenge challenge) => challenge is { Status: ChallengeStatus.Processing, ErrorDetail: not null, Type: not ChallengeType.Email };

    /// <summary>The name as the API writes it.</summary>
    private static string NameOf(Challenge challenge) => challenge.Id.Split('/')[0];

    private static Challenge Refused(Challenge known, DomainRow row) =>
        row.Status == 2 && known is { Status: ChallengeStatus.Processing, ErrorDetail: null } ? known with { ErrorDetail = $"{EmSignErrors.Title} has refused the proof" } : known;

    private static async Task<Challenge?> AskAsync(EmSignClient client, CertificateOrder order, DomainRow row, CancellationToken cancellationToken)
    {
        ChallengeType type = TypeFor(order, row);
        EmSignAnswer answer = await client.AskAsync("GetDcv", ("dcvDetails", Message(order, client.Account, row.Text, type)), cancellationToken, NotReady, IsVerified).ConfigureAwait(false);
        if (answer.IsError)
        {
            return answer.Code == IsVerified ? Make(order, row, type, null, null, null) with { Status = ChallengeStatus.Valid } : null;
        }

        JObject details = answer.Block("dcvDetails");
        string domain = row.Name.BaseName;
        switch (type)
        {
            case ChallengeType.Email:
                return Make(order, row, type, Approver(order, row, details.Texts("dcvEmails")), null, null);
            case ChallengeType.HttpFile or ChallengeType.HttpsFile when details.Text("fileName") is string name && details.Text("fileContent") is string content:
                string file = name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) ? name : name + ".txt";
                return Make(order, row, type, $"{(type == ChallengeType.HttpsFile ? "https" : "http")}://{domain}{FileFolder}{file}", content, file);
            case ChallengeType.DnsTxt when details.Text("token") is string token:
                return Make(order, row, type, client.Settings.TxtRecord(domain), token, null);
            default:
                throw EmSignErrors.Unreadable(client.Settings.BaseUrl(client.Account.Environment), new FormatException($"GetDcv names nothing to publish for {row.Text}"));
        }
    }

    private static ChallengeType TypeFor(CertificateOrder order, DomainRow row) => order.ChallengeType
        ?? (row.Method is string method
            ? method.IndexOf("mail", StringComparison.OrdinalIgnoreCase) >= 0 ? ChallengeType.Email
                : method.IndexOf("file", StringComparison.OrdinalIgnoreCase) >= 0 || method.IndexOf("http", StringComparison.OrdinalIgnoreCase) >= 0 ? ChallengeType.HttpFile
                : ChallengeType.DnsTxt
            : ChallengeType.DnsTxt);

    private static JObject Message(CertificateOrder order, AuthorityAccount account, string domain, ChallengeType type) => new()
    {
        ["requestorEmail"] = EmSignOrders.EmailFor(order, account),
        ["orderNumber"] = order.AuthorityOrderId,
        ["domainName"] = domain,
        ["dcvMethod"] = type switch { ChallengeType.Email => "3", ChallengeType.HttpFile or ChallengeType.HttpsFile => "2", _ => "1" },
    };

    private static string? Approver(CertificateOrder order, DomainRow row, IReadOnlyList<string> offered)
    {
        int index = order.DomainNames.ToList().FindIndex(n => n.Ascii == row.Name.Ascii);
        string? wanted = order.ApproverEmails.Count == 0 ? null : order.ApproverEmails[index >= 0 && index < order.ApproverEmails.Count ? index : 0];
        return wanted ?? (offered.Count > 0 ? offered[0] : null);
    }

    private static Challenge Make(CertificateOrder order, DomainRow row, ChallengeType type, string? location, string? value, string? token) => new()
    {
        Id = $"{row.Text}/{type}",
        OrderId = order.Id,
        DomainName = row.Name.IsWildcard ? DomainName.Parse(row.Name.BaseName) : row.Name,
        Type = type,
        Status = ChallengeStatus.Pending,
        Location = location,
        Value = value,
        Token = token,
    };
}
