using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Tests.Support.SslStore;

/// <summary>An order in the book of the fake.</summary>
internal sealed class SoldOrder
{
    public required string Id { get; init; }

    public required string PartnerOrderId { get; set; }

    public string? Reference { get; init; }

    public required string Product { get; init; }

    public string Vendor { get; init; } = "COMODO";

    public required string CommonName { get; init; }

    public List<string> MoreNames { get; init; } = [];

    public string Major { get; set; } = "Pending";

    public string Minor { get; set; } = "";

    public int Months { get; init; } = 12;

    public required DateTimeOffset BoughtAt { get; init; }

    public DateTimeOffset TermEnd => BoughtAt.AddMonths(Months);

    /// <summary>Cname, Txt, Http, Https or Email.</summary>
    public string Method { get; set; } = "Cname";

    public List<string> Approvers { get; set; } = [];

    public List<SoldProof> Proofs { get; } = [];

    /// <summary>The request that waits for its proof, DER.</summary>
    public byte[] Csr { get; set; } = [];

    /// <summary>OV and EV: somebody has to look at it.</summary>
    public bool NeedsVetting { get; set; }

    /// <summary>Every certificate of the order, the newest last.</summary>
    public List<byte[]> Certificates { get; } = [];

    public string? Serial { get; set; }

    public DateTimeOffset? CertificateStart { get; set; }

    public DateTimeOffset? CertificateEnd { get; set; }

    public string? RefundRequestId { get; set; }

    public bool IsRefundApproved { get; set; }

    public string AdminEmail { get; init; } = "ops@contoso.com";

    public string Comment { get; set; } = "";

    /// <summary>The names that a certificate is for.</summary>
    public IEnumerable<string> Names => new[] { CommonName }.Concat(MoreNames);

    public JObject ToJson(SslStoreManners manners)
    {
        bool isOpen = Major == "Pending" || Minor == "PENDING_REISSUE";
        JArray rows = [.. Proofs.Select(p => new JObject
        {
            ["domain"] = p.Domain,
            ["dcvMethod"] = Method,
            ["dcvStatus"] = p.IsDone ? "Validated" : "Pending",
            ["FileName"] = Method is "Http" or "Https" ? p.Place : null,
            ["FileContents"] = Method is "Http" or "Https" ? p.Value : null,
            ["DNSName"] = Method is "Cname" or "Txt" ? manners.ShoutsRecordNames ? p.Place.ToUpperInvariant() : p.Place : null,
            ["DNSEntry"] = Method is "Cname" or "Txt" ? p.Value : null,
            ["PollStatus"] = "",
            ["LastPollDate"] = null,
        })];
        SoldProof? first = isOpen ? Proofs.FirstOrDefault() : null;
        JObject json = new()
        {
            ["AuthResponse"] = manners.Outcome(false, []),
            ["PartnerOrderID"] = PartnerOrderId,
            ["CustomOrderID"] = Reference ?? "",
            ["TheSSLStoreOrderID"] = manners.NumbersAsText ? Id : long.Parse(Id, CultureInfo.InvariantCulture),
            ["VendorOrderID"] = "",
            ["RefundRequestID"] = RefundRequestId ?? "",
            ["isRefundApproved"] = manners.NumbersAsText ? IsRefundApproved ? "true" : "false" : IsRefundApproved,
            ["OrderStatus"] = new JObject
            {
                ["isTinyOrder"] = false,
                ["isTinyOrderClaimed"] = false,
                ["MajorStatus"] = Major,
                ["MinorStatus"] = Minor,
                ["AuthenticationStatuses"] = new JArray(),
                ["AuthenticationComments"] = Comment,
                ["OrderNotes"] = null,
                ["DomainAuthVettingStatus"] = isOpen && !manners.HidesValidations ? rows : null,
            },
            ["OrderAmount"] = "49.00",
            ["PurchaseDate"] = manners.Date(BoughtAt),
            ["CertificateStartDate"] = manners.Date(CertificateStart),
            ["CertificateEndDate"] = manners.Date(CertificateEnd),
            ["OrderExpiryDate"] = manners.Date(TermEnd),
            ["CommonName"] = CommonName,
            ["DNSNames"] = string.Join(",", MoreNames),
            ["SANCount"] = MoreNames.Count,
            ["ServerCount"] = manners.NumbersAsText ? "1" : 1,
            ["Validity"] = manners.NumbersAsText ? Months.ToString(CultureInfo.InvariantCulture) : Months,
            ["WebServerType"] = "Other",
            ["ApproverEmail"] = Method == "Email" ? string.Join(",", Approvers) : "",
            ["ProductName"] = Product,
            ["ProductCode"] = Product,
            ["VendorName"] = Vendor,
            ["AdminContact"] = new JObject { ["FirstName"] = "Ada", ["LastName"] = "Berg", ["Phone"] = "+49 30 1234", ["Email"] = AdminEmail },
            ["TechnicalContact"] = new JObject { ["FirstName"] = "Ada", ["LastName"] = "Berg", ["Phone"] = "+49 30 1234", ["Email"] = AdminEmail },
            ["SerialNumber"] = Serial ?? "",
            ["AuthFileName"] = first is not null && Method is "Http" or "Https" ? first?.Place ?? "" : "",
            ["AuthFileContent"] = first is not null && Method is "Http" or "Https" ? first?.Value ?? "" : "",
            ["CNAMEAuthName"] = first is not null && Method == "Cname" ? first.Place : "",
            ["CNAMEAuthValue"] = first is not null && Method == "Cname" ? first.Value : "",
            ["CustomerPassword"] = "canary-customer-password",
        };
        if (manners.HasUtcTwins)
        {
            json["CertificateEndDateInUTC"] = CertificateEnd is DateTimeOffset end ? manners.Date(end) : "";
            json["OrderExpiryDateInUTC"] = manners.Date(TermEnd);
        }

        return json;
    }
}
