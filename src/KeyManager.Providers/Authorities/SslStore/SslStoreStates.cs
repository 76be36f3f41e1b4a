using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.SslStore.Protocol;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>How an order stands, in our words.</summary>
internal static class SslStoreStates
{
    public const string ReissuePending = "PENDING_REISSUE";

    private static readonly string[] Issued = ["active", "valid", "enrolled", "complete", "completed", "issued", "start", "replaced"];

    private static readonly string[] Ended = ["cancelled", "canceled", "refunded", "revoked"];

    private static readonly string[] Refused = ["rejected", "order rejected", "certgen_failed"];

    /// <param name="answer">The order as the API told it.</param>
    /// <param name="order">The order here; <c>null</c> for one that was placed elsewhere.</param>
    /// <param name="record">The kind of record: Auto, Cname, Txt.</param>
    /// <exception cref="FormatException">It is no order.</exception>
    public static AuthorityOrder Read(OrderResource answer, CertificateOrder? order, string record)
    {
        string id = answer.OrderId ?? order?.AuthorityOrderId ?? throw new FormatException("the answer is no order, it has no TheSSLStoreOrderID");
        bool isReissue = order?.ReissuesOrderId is not null;
        bool isReissuing = answer.MinorStatus.Replace(' ', '_').Equals(ReissuePending, StringComparison.OrdinalIgnoreCase);
        string major = answer.MajorStatus.Trim();
        bool isPending = Is(major, "Pending") || (isReissue && isReissuing);
        IReadOnlyList<Challenge> challenges = isPending ? SslStoreProofs.Read(answer, order, record) : [];
        OrderStatus status = isPending ? challenges.Any(c => c.Status != ChallengeStatus.Valid) ? OrderStatus.PendingValidation : OrderStatus.Processing
            : Is(major, Issued) ? OrderStatus.Available
            : Is(major, Refused) || (Is(major, Ended) && answer.MinorStatus.IndexOf("reject", StringComparison.OrdinalIgnoreCase) >= 0) ? OrderStatus.Rejected
            : Is(major, Ended) ? answer.CertificateStart is null ? OrderStatus.Cancelled : OrderStatus.Revoked
            : Is(major, "Expired") ? OrderStatus.Expired
            : Is(major, "Initial") ? OrderStatus.Processing // bought by invitation, and not filled in yet
            : OrderStatus.Unknown;
        return new AuthorityOrder
        {
            AuthorityOrderId = id,
            Status = status,
            AuthorityStatus = Text(answer),
            Challenges = isPending ? challenges : null,
            AuthorityData = SslStoreOrderData.Write(answer),
            PaidUntil = answer.TermEnd,
            ErrorDetail = status is OrderStatus.Rejected or OrderStatus.Cancelled or OrderStatus.Revoked ? answer.Comment ?? $"{SslStoreErrors.Title} says {Text(answer)}" : null,
        };
    }

    /// <summary>True when a certificate of the order is being replaced at this moment.</summary>
    public static bool IsReissuing(OrderResource answer) => answer.MinorStatus.Replace(' ', '_').Equals(ReissuePending, StringComparison.OrdinalIgnoreCase);

    private static string Text(OrderResource answer)
    {
        string text = SslStoreOrderData.StatusText(answer);
        text = text.Length == 0 ? "no status" : text;
        return answer.RefundRequestId is null ? text : answer.IsRefundApproved ? text + ", refund approved" : text + ", refund requested";
    }

    private static bool Is(string word, params string[] words) => words.Contains(word, StringComparer.OrdinalIgnoreCase);
}
