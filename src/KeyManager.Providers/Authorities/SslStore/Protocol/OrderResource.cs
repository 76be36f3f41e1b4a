using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore.Protocol;

/// <summary>An order as the API answers it (order/neworder, order/status, order/query, order/reissue, order/refundrequest).</summary>
internal sealed class OrderResource(JObject json)
{
    private readonly JObject _status = json.Object("OrderStatus") ?? [];

    /// <summary>The number that an order keeps for its whole term; <c>null</c> in an answer that is no order.</summary>
    public string? OrderId => json.Text("TheSSLStoreOrderID");

    /// <summary>Another one for each certificate of the order.</summary>
    public string? PartnerOrderId => json.Text("PartnerOrderID");

    public string? Reference => json.Text("CustomOrderID");

    public string? VendorOrderId => json.Text("VendorOrderID");

    public string MajorStatus => _status.Text("MajorStatus") ?? "";

    public string MinorStatus => _status.Text("MinorStatus") ?? "";

    public bool IsInvitation => _status.Flag("isTinyOrder");

    /// <summary>What the people who look at it have noted.</summary>
    public string? Comment => _status.Text("AuthenticationComments");

    public IReadOnlyList<ValidationRow> Validations => [.. _status.Objects("DomainAuthVettingStatus").Select(ValidationRow.Read).OfType<ValidationRow>()];

    public string? RefundRequestId => json.Text("RefundRequestID");

    public bool IsRefundApproved => json.Flag("isRefundApproved");

    public string? SerialNumber => json.Text("SerialNumber");

    public DateTimeOffset? CertificateStart => json.Time("CertificateStartDate");

    public DateTimeOffset? CertificateEnd => json.Time("CertificateEndDate");

    public DateTimeOffset? TermEnd => json.Time("OrderExpiryDate");

    public DateTimeOffset? PurchasedAt => json.Time("PurchaseDate");

    public string? CommonName => json.Text("CommonName");

    public IReadOnlyList<string> DnsNames => json.Texts("DNSNames");

    public int? ValidityMonths => json.Number("Validity");

    public int? ServerCount => json.Number("ServerCount");

    public string? WebServerType => json.Text("WebServerType");

    public string? ProductCode => json.Text("ProductCode");

    public string? ProductName => json.Text("ProductName");

    public string? VendorName => json.Text("VendorName");

    public string? OrganizationName => json.Text("Organization");

    public string? Country => json.Text("Country");

    public IReadOnlyList<string> ApproverEmails => json.Texts("ApproverEmail");

    public string? FileName => json.Text("AuthFileName");

    public string? FileContent => ValidationRow.Raw(json, "AuthFileContent");

    public string? AliasName => json.Text("CNAMEAuthName");

    public string? AliasValue => json.Text("CNAMEAuthValue");

    public Contact? Admin(DateTimeOffset now) => ContactResource.Read(json.Object("AdminContact"), "administrator of the order", now);

    public Contact? Technician(DateTimeOffset now) => ContactResource.Read(json.Object("TechnicalContact"), "technician of the order", now);

    public Organization? Organization(DateTimeOffset now) => OrganizationName is not string name ? null : new Organization
    {
        Id = "",
        Name = name,
        LegalName = name,
        Division = json.Text("OrganizationalUnit"),
        Duns = json.Text("DUNS"),
        AddressLine1 = json.Text("OrganizationAddress"),
        City = json.Text("Locality"),
        Region = json.Text("State"),
        PostalCode = json.Text("OrganizationPostalcode"),
        Country = Country,
        Phone = json.Text("OrganizationPhone"),
        AuthorityId = json.Number("TSSOrganizationId") is int number and > 0 ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>Common name and further names, each once, as far as they can be read.</summary>
    public IReadOnlyList<DomainName> Names()
    {
        List<DomainName> names = [];
        foreach (string text in new[] { CommonName }.Concat(DnsNames).OfType<string>())
        {
            if (DomainName.TryParse(text, out DomainName name) && !names.Contains(name))
            {
                names.Add(name);
            }
        }

        return names;
    }
}
