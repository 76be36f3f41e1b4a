using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Tests.Support.SslStore;

/// <summary>Which members each call of the API has, of which type, and which it cannot do without. The real one passes over a member that it does not know, so a typo would cost money.</summary>
internal static class SslStoreSchema
{
    private const string Contact = "FirstName*:s LastName*:s Phone*:s Fax:s Email*:s Title:s OrganizationName:s AddressLine1:s AddressLine2:s City:s Region:s PostalCode:s Country:s";

    private const string Indicators = "FileAuthDVIndicator:b HTTPSFileAuthDVIndicator:b CNAMEAuthDVIndicator:b";

    private const string Ids = "TheSSLStoreOrderID:s CustomOrderID:s";

    private static readonly Dictionary<string, string> Calls = new(StringComparer.Ordinal)
    {
        ["product/query"] = "ProductCode*:s ProductType:i NeedSortedList:b IsForceNewSKUs:b",
        ["csr"] = "ProductCode*:s CSR*:s",
        ["order/approverlist"] = "ProductCode*:s DomainName*:s RelatedTheSSLStoreOrderID:s",
        ["order/validate"] = "CSR*:s ProductCode*:s ServerCount*:i ValidityPeriod*:i WebServerType*:s",
        ["order/neworder"] = "CustomOrderID*:s ProductCode*:s ExtraProductCodes:s OrganizationInfo:organization TSSOrganizationId:i ValidityPeriod*:i ServerCount*:i CSR*:s DomainName*:s WebServerType*:s "
            + "DNSNames:l isCUOrder*:b isTrialOrder*:b isRenewalOrder*:b RelatedTheSSLStoreOrderID:s SpecialInstructions:s AdminContact*:contact TechnicalContact*:contact ApproverEmail*:s "
            + Indicators + " ReserveSANCount:i WildcardReserveSANCount:i AddInstallationSupport:b EmailLanguageCode:s SignatureHashAlgorithm*:s CertTransparencyIndicator:b RenewalDays:i "
            + "DateTimeCulture:s CSRUniqueValue:s AutoWWW:b",
        ["order/status"] = Ids + " ReturnPKCS7Cert:b DateTimeCulture:s",
        ["order/query"] = "StartDate:d EndDate:d CertificateExpireFromDate:d CertificateExpireToDate:d DomainName:s SubUserID:s ProductCode:s DateTimeCulture:s PageNumber:i PageSize:i",
        ["order/resend"] = "TheSSLStoreOrderID*:s ResendEmailType*:s ResendEmail*:s DomainNames*:s",
        ["order/changeapproveremail"] = "TheSSLStoreOrderID*:s ResendEmail*:s DomainNames*:s",
        ["digicert/checkdcv"] = "TheSSLStoreOrderID*:s DomainName*:s CustomOrderID:s",
        ["order/reissue"] = "TheSSLStoreOrderID*:s CustomOrderID:s CSR*:s WebServerType*:s DNSNames:l EditSAN:n AddSAN:n DeleteSAN:n isRenewalOrder:b isWildCard:b ReissueEmail*:s ApproverEmails:s "
            + Indicators + " PreferEnrollmentLink:b SignatureHashAlgorithm:s CertTransparencyIndicator:b DateTimeCulture:s CSRUniqueValue:s SpecialInstructions:s",
        ["order/refundrequest"] = Ids + " RefundReason:s RefundRequestID:s SerialNumber:s",
        ["order/refundstatus"] = Ids + " RefundReason:s RefundRequestID:s SerialNumber:s",
        ["order/certificaterevokerequest"] = Ids + " SerialNumber:s ResendEmail:s",
        ["order/download"] = Ids + " ReturnPKCS7Cert:b DateTimeCulture:s",
        ["health/validate"] = "PartnerCode*:s AuthToken*:s ReplayToken:s UserAgent:s",
        ["AuthRequest"] = "PartnerCode*:s AuthToken*:s ReplayToken:s UserAgent:s TokenID:s TokenCode:s IPAddress:s IsUsedForTokenSystem:b Token:s",
        ["contact"] = Contact,
        ["organization"] = "OrganizationName*:s DUNS:s Division:s IncorporatingAgency:s RegistrationNumber:s JurisdictionCity:s JurisdictionRegion:s JurisdictionCountry:s AssumedName:s OrganizationAddress*:address",
        ["address"] = "AddressLine1*:s AddressLine2:s AddressLine3:s City:s Region*:s PostalCode*:s Country*:s Phone*:s Fax:s LocalityName:s",
    };

    public static bool Knows(string path) => Calls.ContainsKey(path);

    /// <summary>What is wrong with a message; null when nothing is.</summary>
    public static string? FindProblem(string path, JObject message, bool hasCredentials)
    {
        foreach (JProperty member in message.Properties())
        {
            if (hasCredentials && member.Name == "AuthRequest")
            {
                if (FindProblem("AuthRequest", (JObject)member.Value, false) is string inner)
                {
                    return inner;
                }

                continue;
            }

            string? rule = Calls[path].Split(' ').FirstOrDefault(r => r.Split('*', ':')[0] == member.Name);
            if (rule is null)
            {
                return $"{path} has no member '{member.Name}'";
            }

            if (FindProblem(member, rule.Substring(rule.IndexOf(':') + 1)) is string problem)
            {
                return $"{path}.{member.Name} {problem}";
            }
        }

        string? missing = Calls[path].Split(' ').Where(r => r.Contains('*')).Select(r => r.Split('*')[0]).FirstOrDefault(n => message[n] is null);
        return missing is not null ? $"{path} lacks '{missing}'" : hasCredentials && message["AuthRequest"] is null ? $"{path} lacks 'AuthRequest'" : null;
    }

    private static string? FindProblem(JProperty member, string type) => type switch
    {
        "s" => Is(member, JTokenType.String),
        "i" => Is(member, JTokenType.Integer),
        "b" => Is(member, JTokenType.Boolean),
        "d" => member.Value is JValue { Value: string text } && text.StartsWith("/Date(", StringComparison.Ordinal) && text.EndsWith(")/", StringComparison.Ordinal) ? null : "is no date of the form /Date(...)/",
        "l" => member.Value is JArray list && list.All(i => i.Type == JTokenType.String) ? null : "is no list of texts",
        "n" => member.Value is JArray pairs && pairs.All(i => i is JObject pair && pair.Count == 2 && pair["OldValue"]?.Type == JTokenType.String && pair["NewValue"]?.Type == JTokenType.String) ? null : "is no list of changes",
        _ => member.Value is JObject inner ? FindProblem(type, inner, false) : "is no object",
    };

    private static string? Is(JProperty member, JTokenType type) => member.Value.Type == type ? null : $"is {member.Value.Type}, not {type}";
}
