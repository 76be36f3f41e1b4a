using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Tests.Support.EmSign;

/// <summary>Which members each call of the API has, of which type, and which it cannot do without: * is needed, s text, l list of texts, o an object that has a line of its own.</summary>
internal static class EmSignSchema
{
    private static readonly Dictionary<string, (string? Block, string Members)> Calls = new(StringComparer.Ordinal)
    {
        ["ValidateCredentials"] = (null, ""),
        ["GetGroupDetails"] = (null, ""),
        ["GetDomainDetails"] = (null, ""),
        ["GetOrganizationDetails"] = ("organizationDetails", "organizationNumber*:s groupNumber*:s"),
        ["GetProductDetails"] = ("productDetails", "groupNumber:s"),
        ["GenerateOrderSSL"] = ("orderDetails", "productCode*:s accountingModel:s saveAndHold*:s requestNumber:s emailNotifications*:s groupNumber:s requestorInformation*:o delegationInformation:o organizationDetails:o "
            + "certificateInformation*:o agreementDetails:o subscriptionDetails:o csr:s additionalInformation*:o technicalPointOfContact:o"),
        ["SubmitCSR"] = ("orderDetails", "requestorEmail*:s orderNumber*:s csr*:s"),
        ["AgreementAcceptance"] = ("agreementDetails", "requestorEmail*:s orderNumber*:s acceptAgreement*:s signerName*:s signerPlace*:s signerIP*:s"),
        ["TrackOrder"] = ("orderDetails", "orderNumber*:s"),
        ["GetDcv"] = ("dcvDetails", "requestorEmail*:s orderNumber*:s domainName*:s dcvMethod*:s"),
        ["VerifyDcv"] = ("dcvDetails", "requestorEmail*:s orderNumber*:s domainName*:s dcvMethod*:s dcvEmail:s"),
        ["GetCertificate"] = ("orderDetails", "requestorEmail*:s orderNumber*:s"),
        ["RevokeOrder"] = ("revocationDetails", "orderNumber*:s requestorEmail*:s revokeReasonId*:s revokeRemarks*:s"),
        ["RejectOrder"] = ("orderDetails", "orderNumber*:s rejectRemarks*:s"),
        ["RejectRequest"] = ("orderDetails", "requestNumber*:s rejectRemarks*:s"),
        ["GetOrderReport"] = ("searchCriteria", "productCode:s groupNumber:s orderDateFrom:s orderDateTill:s organizationName:s domainName:s requestNumber:s orderNumber:s orderStatusId:s certExpiryDateFrom:s "
            + "certExpiryDateTill:s requestorEmailId:s pageNumber:s pageSize:s tagSearchCriteria:s tags:l"),
    };

    private static readonly Dictionary<string, string> Objects = new(StringComparer.Ordinal)
    {
        ["meta"] = "ver*:s ts*:s txn*:s accountNumber*:s authKey*:s",
        ["requestorInformation"] = "requestorName*:s requestorIsdCode*:s requestorMobileNumber*:s requestorEmail*:s requestorDesignation:s",
        ["delegationInformation"] = "contactName:s email:s groupNumber:s",
        ["organizationDetails"] = "preVetting*:s organizationNumber:s prevettingToken:s representativeNumber:s",
        ["certificateInformation"] = "domainName*:s additionalDomains:l additionalDomainNames:l autoSecureWWW:s organizationName:s organizationUnit:s streetAddress1:s streetAddress2:s locality:s state:s countryCode:s "
            + "postalCode:s businessCategory:s companyDuns:s",
        ["agreementDetails"] = "acceptAgreement*:s signerName*:s signerPlace*:s signerIP*:s",
        ["subscriptionDetails"] = "validity:s autoRenew:s renewCriteria:s",
        ["additionalInformation"] = "remarks*:s tags:l recipientEmail:s technicalPointOfContact:o",
        ["technicalPointOfContact"] = "tpcName:s tpcEmail:s tpcIsdCode:s tpcMobileNumber:s pocName:s pocEmail:s pocIsdCode:s pocMobileNumber:s pocDesignation:s pocFirstName:s pocLastName:s",
    };

    public static bool Knows(string call) => Calls.ContainsKey(call);

    public static string? Block(string call) => Calls[call].Block;

    /// <summary>What is wrong with a message; null when nothing is.</summary>
    public static string? FindProblem(string call, JObject message)
    {
        (string? block, string members) = Calls[call];
        if (message["meta"] is not JObject meta)
        {
            return "no block 'meta'";
        }

        if (message.Properties().Select(p => p.Name).FirstOrDefault(n => n != "meta" && n != block) is string unknown)
        {
            return $"{call}: unknown block '{unknown}'";
        }

        return Look("meta", Objects["meta"], meta) ?? (block is null ? null : message[block] is JObject content ? Look(call, members, content) : $"{call}: no block '{block}'");
    }

    private static string? Look(string where, string members, JObject content)
    {
        Dictionary<string, (bool Needed, char Type)> known = members.Split([' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(m => m.Split(':')).ToDictionary(m => m[0].TrimEnd('*'), m => (m[0].EndsWith("*", StringComparison.Ordinal), m[1][0]));
        foreach (JProperty member in content.Properties())
        {
            if (!known.TryGetValue(member.Name, out (bool Needed, char Type) rule))
            {
                return $"{where}: unknown member '{member.Name}'";
            }

            bool fits = rule.Type switch { 's' => member.Value.Type == JTokenType.String, 'l' => member.Value is JArray list && list.All(e => e.Type == JTokenType.String), _ => member.Value is JObject };
            if (!fits)
            {
                return $"{where}: '{member.Name}' is {member.Value.Type}";
            }

            if (rule.Type == 'o' && Look(member.Name, Objects[member.Name], (JObject)member.Value) is string inner)
            {
                return inner;
            }
        }

        return known.Where(k => k.Value.Needed && string.IsNullOrEmpty((string?)(content[k.Key] as JValue)) && content[k.Key] is not JObject).Select(k => $"{where}: no '{k.Key}'").FirstOrDefault();
    }
}
