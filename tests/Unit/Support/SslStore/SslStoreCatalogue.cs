using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Tests.Support.SslStore;

/// <summary>What the fake sells; codes and vendors as the real catalogue has them.</summary>
internal static class SslStoreCatalogue
{
    public static JArray Make() =>
    [
        Product("positivessl", "PositiveSSL", "COMODO", "DV", 10, 12, 24),
        Product("positivesslwildcard", "PositiveSSL Wildcard", "COMODO", "DV", 90, 12).With("isWildcard", true),
        Product("positivemdcssl", "PositiveSSL Multi-Domain", "COMODO", "DV", 30, 12, 36).With("IsSanEnable", true).With("MinSan", 2).With("MaxSan", 4),
        Product("sectigoovssl", "Sectigo OV SSL", "COMODO", "OV", 60, 12),
        Product("sectigoevssl", "Sectigo EV SSL", "COMODO", "EV", 160, 12),
        Product("digi_rapidssl", "RapidSSL Certificate", "DIGICERT", "DV", 15, 12),
        Product("digi_securesite_flex", "Secure Site", "DIGICERT", "OV", 250, 12).With("isFlexProduct", true).With("MaxSan", 250),
        Product("digi_ssl_ev_basic", "Basic EV", "SYMANTEC", "EV", 200, 12),
        Product("comodocsc", "Code Signing", "COMODO", "OV", 70, 12).With("isCodeSigning", true),
    ];

    private static JObject Product(string code, string name, string vendor, string validation, decimal price, params int[] months) => new()
    {
        ["ProductCode"] = code,
        ["ProductName"] = name,
        ["ProductType"] = validation switch { "DV" => 1, "EV" => 2, _ => 3 },
        ["VendorName"] = vendor,
        ["CanbeReissued"] = true,
        ["ReissueDays"] = 30,
        ["isDVProduct"] = validation == "DV",
        ["isOVProduct"] = validation == "OV",
        ["isEVProduct"] = validation == "EV",
        ["isWlidcard"] = false,
        ["IsSanEnable"] = false,
        ["CurrencyCode"] = "USD",
        ["PricingInfo"] = new JArray(months.Select(m => new JObject
        {
            ["NumberOfMonths"] = m,
            ["NumberOfServer"] = 1,
            ["Price"] = price * m / 12,
            ["PricePerAdditionalSAN"] = 10m,
            ["PricePerAdditionalServer"] = 0m,
            ["SRP"] = price * 2,
        })),
    };

    private static JObject With(this JObject product, string member, JToken value)
    {
        product[member] = value;
        return product;
    }
}
