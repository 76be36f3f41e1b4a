using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.EmSign.Protocol;

/// <summary>An order as TrackOrder tells it, or as a line of GetOrderReport does. What an answer leaves out is <c>null</c> or empty.</summary>
internal sealed class TrackedOrder(JObject json)
{
    private const string TagName = "KeyManager:";

    /// <summary>The number of the order; <c>null</c> for a draft, and in TrackOrder.</summary>
    public string? OrderNumber => json.Text("orderNumber");

    /// <summary>The number of the request that it began as.</summary>
    public string? RequestNumber => json.Text("requestNumber");

    /// <summary>What was asked for by: 1 Placed, 2 Accepted, 3 In progress, 4 Rejected, 5 Cancelled, 6 Fulfilled, 7 On hold, 8 and 9 Pending approval.</summary>
    public int? OrderStatus => json.Number("orderStatusId");

    public int? CertificateStatus => json.Number("certificateStatusId");

    /// <summary>Both words for how it stands.</summary>
    public string StatusText => string.Join(" / ", new[] { json.Text("orderStatus") ?? Numbered("order", OrderStatus), json.Text("certificateStatus") ?? Numbered("certificate", CertificateStatus) }
        .OfType<string>().DefaultIfEmpty("no status"));

    /// <summary>Where a browser shows it; documents spell the member in two ways.</summary>
    public string? TrackingUrl => json.Text("trackingURL");

    /// <summary>True when the certificate request is not there yet.</summary>
    public bool LacksRequest => json.Text("csr") == "0";

    /// <summary>True when the subscriber agreement is not signed.</summary>
    public bool LacksAgreement => json.Object("subscriberAgreement")?.Text("status") == "0";

    /// <summary>True when the organization is not validated.</summary>
    public bool LacksOrganization => json.Object("organizationVerification")?.Text("status") == "0";

    /// <summary>How far a revocation has come: 1 and 4 begun, 2 and 5 done, 3 and 6 refused; <c>null</c> for none.</summary>
    public int? RevokeStatus => json.Object("revocationDetails")?.Number("revokeRequestStatusId");

    public string? RequesterEmail => (json.Object("requestorInformation") ?? json).Text("requestorEmail");

    public string? RequesterName => (json.Object("requestorInformation") ?? json).Text("requestorName");

    public string? RequesterPhone => json.Object("requestorInformation") is JObject requester && requester.Text("requestorMobileNumber") is string number
        ? $"+{requester.Text("requestorIsdCode")?.TrimStart('+')} {number}"
        : null;

    public string? RequesterTitle => json.Object("requestorInformation")?.Text("requestorDesignation");

    public string? ProductCode => json.Text("productCode");

    public string? OrganizationName => json.Text("organizationName") ?? json.Object("organizationVerification")?.Text("organizationName");

    public string? CommonName => json.Text("domainName");

    public DateTimeOffset? OrderedAt => ApiMoment.Read(json.Text("orderDate"));

    public DateTimeOffset? CertificateEnd => ApiMoment.Read(json.Text("certificateExpiryDate"));

    /// <summary>As it is written: in hexadecimal or in decimal digits, nobody says which.</summary>
    public string? SerialText => json.Text("certificateSerialNumber") ?? json.Text("ceritficateSerialNumber");

    /// <summary>Our reference.</summary>
    public string? Reference => json.Texts("tags").FirstOrDefault(t => t.StartsWith(TagName, StringComparison.OrdinalIgnoreCase))?.Substring(TagName.Length).Trim();

    /// <summary>The names with how far control of each is proved; the block mixes them with a member of its own, and other things that are no objects.</summary>
    public IReadOnlyList<DomainRow> Domains =>
    [
        .. (json.Object("domainVerification") ?? []).Properties().Select(p => p.Value is JObject row && DomainName.TryParse(p.Name, out DomainName name)
            ? new DomainRow(p.Name, name, row.Text("dcvMethod"), row.Number("dcvStatus"), row.Number("caaStatus"))
            : null).OfType<DomainRow>(),
    ];

    /// <summary>The tag that carries our reference.</summary>
    public static string Tag(string reference) => TagName + reference;

    private static string? Numbered(string what, int? number) => number is null ? null : FormattableString.Invariant($"{what} status {number}");
}
