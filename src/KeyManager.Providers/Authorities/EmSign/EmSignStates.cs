using System.Collections.Generic;
using System.Linq;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.EmSign.Protocol;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>How an order stands, in our words, and what it waits for. The state of the certificate decides where it says something; sources do not agree on that of the order.</summary>
internal static class EmSignStates
{
    private const int OrderRejected = 4;
    private const int OrderCancelled = 5;
    private const int OrderHeld = 7;

    /// <summary>Issued, whether downloaded before or not.</summary>
    private static readonly int[] Issued = [9, 20];

    /// <summary>Approved: the certificate may be there, or comes in a moment.</summary>
    private static readonly int[] Approved = [4, 7, 15, 17, 23];

    private static readonly int[] Refused = [5, 8, 14, 18, 19, 21, 27];

    private static readonly int[] Waiting = [1, 2, 3, 6, 16, 24, 25, 26];

    /// <param name="answer">The order as the API told it.</param>
    /// <param name="id">The number by which it is known.</param>
    /// <param name="order">The order here; <c>null</c> for one that was placed elsewhere.</param>
    /// <param name="challenges">What is to be proved; <c>null</c> when that was not asked for.</param>
    /// <param name="canSign">True when the agreement can be signed from here.</param>
    public static AuthorityOrder Read(TrackedOrder answer, string id, CertificateOrder? order, IReadOnlyList<Challenge>? challenges, bool canSign)
    {
        bool isOpen = challenges?.Any(c => c.Status != ChallengeStatus.Valid) == true;
        OrderStatus status = StatusOf(answer, isOpen);
        bool isPending = status is OrderStatus.PendingValidation or OrderStatus.Processing;
        EmSignOrderData before = EmSignOrderData.Read(order?.AuthorityData);
        return new AuthorityOrder
        {
            AuthorityOrderId = id,
            Status = status,
            AuthorityStatus = answer.StatusText,
            Challenges = challenges,
            AuthorityData = EmSignOrderData.Write(answer, before),
            NextStep = isPending ? NextStep(answer, order, challenges, canSign, answer.TrackingUrl ?? before.TrackingUrl) : null,
            ErrorDetail = status is OrderStatus.Rejected or OrderStatus.Cancelled or OrderStatus.Revoked ? $"{EmSignErrors.Title} says {answer.StatusText}"
                : isPending ? Problems(challenges) : null,
        };
    }

    /// <summary>True when the certificate is made, and not merely approved.</summary>
    public static bool IsIssued(TrackedOrder answer) => Issued.Contains(answer.CertificateStatus ?? 0);

    private static OrderStatus StatusOf(TrackedOrder answer, bool isOpen)
    {
        int certificate = answer.CertificateStatus ?? 0;
        return certificate == 22 || answer.RevokeStatus is 2 or 5 ? OrderStatus.Revoked
            : Issued.Contains(certificate) ? OrderStatus.Available
            : certificate == 12 ? OrderStatus.Expired
            : certificate == 13 || answer.OrderStatus == OrderCancelled ? OrderStatus.Cancelled
            : Refused.Contains(certificate) || answer.OrderStatus == OrderRejected ? OrderStatus.Rejected
            : isOpen ? OrderStatus.PendingValidation
            : Approved.Contains(certificate) ? OrderStatus.Available
            : Waiting.Contains(certificate) || answer.OrderStatus is >= 1 and <= 3 or >= 6 and <= 9 ? OrderStatus.Processing
            : OrderStatus.Unknown;
    }

    /// <summary>What stops it, the first thing first; where it is ours to do, with the command.</summary>
    private static string? NextStep(TrackedOrder answer, CertificateOrder? order, IReadOnlyList<Challenge>? challenges, bool canSign, string? url)
    {
        string invoke = order is null ? "Invoke-KmChallenge" : $"Invoke-KmChallenge {order.Id}";
        string portal = url is null ? "in the portal" : $"in the portal, {url}";
        List<Challenge> open = [.. (challenges ?? []).Where(c => c.Status != ChallengeStatus.Valid)];
        List<string> mails = [.. open.Where(c => c.Type == ChallengeType.Email && c.Status == ChallengeStatus.Processing).Select(c => c.Location).OfType<string>()];
        List<string> forbidden = [.. answer.Domains.Where(d => d.CaaStatus == 2).Select(d => d.Text)];
        return answer.OrderStatus == OrderHeld ? $"It is a draft: place it {portal}"
            : answer.LacksRequest ? $"Send the certificate request: {invoke}"
            : answer.LacksAgreement ? canSign ? $"Sign the subscriber agreement: {invoke}"
                : $"Sign the subscriber agreement {portal}; or set SignerPlace and SignerAddress of the account, then {invoke}"
            : mails.Count > 0 && mails.Count == open.Count ? $"Somebody has to answer the mail to {string.Join(", ", mails)}; then Sync-KmCertificateOrder"
            : open.Count > 0 ? $"Prove control of {string.Join(", ", open.Select(c => c.DomainName.Ascii).Distinct())}: {invoke}"
            : forbidden.Count > 0 ? $"Let a CAA record of {string.Join(", ", forbidden)} name emSign; then Sync-KmCertificateOrder"
            : answer.CertificateStatus == 3 ? $"emSign wants corrections or documents: see {portal}"
            : answer.OrderStatus == 9 ? $"An administrator of the account has to approve it {portal}"
            : answer.CertificateStatus is 16 or 25 || answer.LacksOrganization ? $"emSign validates the organization; it may ask for documents {portal}"
            : answer.OrderStatus == 8 || answer.CertificateStatus is 2 or 6 or 24 ? "emSign has to approve it; Sync-KmCertificateOrder asks again"
            : null;
    }

    private static string? Problems(IReadOnlyList<Challenge>? challenges)
    {
        string text = string.Join("; ", (challenges ?? []).Where(c => c.Status != ChallengeStatus.Valid && c.ErrorDetail is not null).Select(c => $"{c.DomainName}: {c.ErrorDetail}"));
        return text.Length == 0 ? null : text;
    }
}
