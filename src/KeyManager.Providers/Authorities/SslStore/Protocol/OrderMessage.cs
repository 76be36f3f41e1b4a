using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore.Protocol;

/// <summary>What is sent to place an order, to try one out, and to have one issued again.</summary>
internal static class OrderMessage
{
    public const string Culture = "en-US";

    private const string AnyServer = "Other";

    /// <summary>order/neworder. A renewal is an order that names the one before it.</summary>
    /// <param name="order">The order.</param>
    /// <param name="product">Its product.</param>
    /// <param name="csr">Its request, encoded as the API takes it.</param>
    /// <param name="renewedOrderId">The API's number of the order that it renews; <c>null</c> for a first one.</param>
    public static JObject New(CertificateOrder order, Product product, string csr, string? renewedOrderId)
    {
        IReadOnlyList<string> more = MoreNames(order, product);
        JObject message = new()
        {
            ["CustomOrderID"] = order.Id,
            ["ProductCode"] = product.Code,
            ["ValidityPeriod"] = order.ValidityMonths ?? 12,
            ["ServerCount"] = order.ServerCount ?? 1,
            ["CSR"] = csr,
            ["DomainName"] = order.DomainNames[0].Ascii,
            ["WebServerType"] = order.ServerType ?? AnyServer,
            ["DNSNames"] = new JArray(more),
            ["isCUOrder"] = false,
            ["isTrialOrder"] = false,
            ["isRenewalOrder"] = renewedOrderId is not null,
            ["RelatedTheSSLStoreOrderID"] = renewedOrderId ?? "",
            ["AdminContact"] = ContactResource.Write(order.AdminContact!, order.Organization), // a plan has both contacts
            ["TechnicalContact"] = ContactResource.Write(order.TechnicalContact!, order.Organization),
            ["ApproverEmail"] = string.Join(",", Approvers(order, product)),
            ["FileAuthDVIndicator"] = order.ChallengeType == ChallengeType.HttpFile,
            ["HTTPSFileAuthDVIndicator"] = order.ChallengeType == ChallengeType.HttpsFile,
            ["CNAMEAuthDVIndicator"] = order.ChallengeType is ChallengeType.DnsCname or ChallengeType.DnsTxt,
            ["AddInstallationSupport"] = false,
            ["EmailLanguageCode"] = "EN",
            ["SignatureHashAlgorithm"] = Hash(product),
            ["DateTimeCulture"] = Culture,
        };
        if (more.Count > 0)
        {
            message["ReserveSANCount"] = more.Count;
        }

        if (more.Count(n => n.StartsWith("*.", StringComparison.Ordinal)) is int wildcards and > 0)
        {
            message["WildcardReserveSANCount"] = wildcards;
        }

        if (product.IncludesWww)
        {
            message["AutoWWW"] = order.DomainNames.Count > 1;
        }

        AddUnique(message, order, product);
        AddOrganization(message, order.Organization);
        return message;
    }

    /// <summary>order/validate, the five members that every source agrees on.</summary>
    public static JObject Validate(CertificateOrder order, Product product, string csr) => new()
    {
        ["CSR"] = csr,
        ["ProductCode"] = product.Code,
        ["ServerCount"] = order.ServerCount ?? 1,
        ["ValidityPeriod"] = order.ValidityMonths ?? 12,
        ["WebServerType"] = order.ServerType ?? AnyServer,
    };

    /// <summary>order/reissue.</summary>
    public static JObject Reissue(CertificateOrder order, CertificateOrder original, Product product, string csr)
    {
        List<string> before = [.. MoreNames(original, product)];
        List<string> after = [.. MoreNames(order, product)];
        JObject message = new()
        {
            ["TheSSLStoreOrderID"] = order.AuthorityOrderId,
            ["CSR"] = csr,
            ["WebServerType"] = order.ServerType ?? AnyServer,
            ["DNSNames"] = new JArray(after),
            ["AddSAN"] = new JArray(after.Except(before).Select(n => Change("", n))),
            ["DeleteSAN"] = new JArray(before.Except(after).Select(n => Change(n, ""))),
            ["EditSAN"] = new JArray(),
            ["isRenewalOrder"] = false,
            ["isWildCard"] = order.DomainNames[0].IsWildcard,
            ["ReissueEmail"] = order.AdminContact?.Email ?? "", // has to be the administrator's of the order
            ["ApproverEmails"] = string.Join(",", Approvers(order, product)),
            ["FileAuthDVIndicator"] = order.ChallengeType == ChallengeType.HttpFile,
            ["HTTPSFileAuthDVIndicator"] = order.ChallengeType == ChallengeType.HttpsFile,
            ["CNAMEAuthDVIndicator"] = order.ChallengeType is ChallengeType.DnsCname or ChallengeType.DnsTxt,
            ["PreferEnrollmentLink"] = false,
            ["SignatureHashAlgorithm"] = Hash(product),
            ["DateTimeCulture"] = Culture,
        };
        AddUnique(message, order, product);
        return message;
    }

    /// <summary>The names beside the first, without a "www." that comes with it.</summary>
    public static IReadOnlyList<string> MoreNames(CertificateOrder order, Product product) =>
        [.. ProductRules.Additional(product, order.DomainNames).Where(n => product.MaxAdditionalNames > 0 || n.Ascii != order.DomainNames[0].BaseName).Select(n => n.Ascii)];

    /// <summary>One address for each name, the first name's first. Proof by other means gets one too, because the API wants one.</summary>
    public static IReadOnlyList<string> Approvers(CertificateOrder order, Product product)
    {
        List<string> sent = [order.DomainNames[0].Ascii, .. MoreNames(order, product)];
        return order.ApproverEmails.Count switch
        {
            0 => ["admin@" + order.DomainNames[0].BaseName],
            1 => [.. sent.Select(_ => order.ApproverEmails[0])],
            _ => [.. order.DomainNames.Select((n, i) => (n.Ascii, i)).Where(n => sent.Contains(n.Ascii)).Select(n => order.ApproverEmails[n.i])],
        };
    }

    public static bool IsSectigo(Product product) => product.Vendor == "Sectigo";

    private static string Hash(Product product) => IsSectigo(product) ? "PREFER_SHA2" : "SHA2-256";

    private static JObject Change(string before, string after) => new() { ["OldValue"] = before, ["NewValue"] = after };

    /// <summary>Makes the value to publish another one for each order, also of the same request; Sectigo only.</summary>
    private static void AddUnique(JObject message, CertificateOrder order, Product product)
    {
        if (IsSectigo(product))
        {
            message["CSRUniqueValue"] = order.Id;
        }
    }

    private static void AddOrganization(JObject message, Organization? organization)
    {
        if (organization is null)
        {
            return;
        }

        if (int.TryParse(organization.AuthorityId, NumberStyles.None, CultureInfo.InvariantCulture, out int known) && known > 0)
        {
            message["TSSOrganizationId"] = known;
        }

        message["OrganizationInfo"] = new JObject
        {
            ["OrganizationName"] = organization.LegalName,
            ["AssumedName"] = organization.AssumedName ?? "",
            ["DUNS"] = organization.Duns ?? "",
            ["Division"] = organization.Division ?? "",
            ["IncorporatingAgency"] = organization.IncorporatingAgency ?? "",
            ["RegistrationNumber"] = organization.RegistrationNumber ?? "",
            ["JurisdictionCity"] = organization.JurisdictionCity ?? organization.City ?? "",
            ["JurisdictionRegion"] = organization.JurisdictionRegion ?? organization.Region ?? "",
            ["JurisdictionCountry"] = organization.JurisdictionCountry ?? organization.Country ?? "",
            ["OrganizationAddress"] = new JObject
            {
                ["AddressLine1"] = organization.AddressLine1 ?? "",
                ["AddressLine2"] = organization.AddressLine2 ?? "",
                ["AddressLine3"] = "",
                ["City"] = organization.City ?? "",
                ["LocalityName"] = organization.City ?? "",
                ["Region"] = organization.Region ?? "",
                ["PostalCode"] = organization.PostalCode ?? "",
                ["Country"] = organization.Country ?? "",
                ["Phone"] = organization.Phone ?? "",
                ["Fax"] = "",
            },
        };
    }
}
