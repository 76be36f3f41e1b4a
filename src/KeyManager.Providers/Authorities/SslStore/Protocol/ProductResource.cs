using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore.Protocol;

/// <summary>A product of the catalogue (product/query).</summary>
internal static class ProductResource
{
    /// <summary>Kinds by number: scan, PCI, code signing, S/MIME, document signing, and what is long gone.</summary>
    private static readonly int[] OtherThanTls = [5, 6, 8, 9, 11, 12];

    private static readonly (string Part, string Vendor)[] Brands =
    [
        ("rapidssl", "RapidSSL"), ("geotrust", "GeoTrust"), ("truebizid", "GeoTrust"), ("true businessid", "GeoTrust"), ("quickssl", "GeoTrust"), ("thawte", "Thawte"), ("ssl123", "Thawte"),
        ("sslwebserver", "Thawte"), ("ssl web server", "Thawte"),
    ];

    /// <summary>The product; <c>null</c> for what is no certificate of a TLS server.</summary>
    public static Product? Read(JObject json)
    {
        string? code = json.Text("ProductCode");
        int kind = json.Number("ProductType") ?? 0;
        if (code is null || OtherThanTls.Contains(kind) || json.Flag("isCodeSigning") || json.Flag("isScanProduct"))
        {
            return null;
        }

        string name = json.Text("ProductName") ?? code;
        string vendor = VendorOf(json.Text("VendorName"), code, name);
        List<ProductPrice> prices = [.. json.Objects("PricingInfo").Select(Price).OfType<ProductPrice>().OrderBy(p => p.Months).ThenBy(p => p.Servers)];
        bool isFlexible = json.Flag("isFlexProduct");
        bool isWildcard = json.Flag("isWildcard") || json.Flag("isWlidcard") || kind == 4; // the second is how older servers spell it
        bool hasNames = json.Flag("IsSanEnable") || isFlexible || kind == 7;
        return new Product
        {
            Code = code,
            Name = name,
            Vendor = vendor,
            AuthorityVendor = json.Text("VendorName") ?? "",
            ValidationType = TypeOf(json, kind),
            ValidityMonths = [.. prices.Select(p => p.Months).Distinct()],
            AllowsWildcard = isWildcard || isFlexible,
            NeedsWildcard = isWildcard && !hasNames,
            MaxAdditionalNames = hasNames ? json.Number("MaxSan") is int most and > 0 ? most : 99 : 0,
            IncludedNames = hasNames ? Math.Max(0, json.Number("MinSan") ?? 0) : 0,
            IncludesWww = !hasNames && !isWildcard && vendor == "Sectigo",
            HasUnlimitedServers = json.Flag("isNoOfServerFree"),
            CanReissue = json.Flag("CanbeReissued"),
            Prices = prices,
            Currency = json.Text("CurrencyCode") ?? "",
        };
    }

    /// <summary>The brand under which a product is known today. What Symantec sold is issued by DigiCert since 2017-12-01.</summary>
    public static string VendorOf(string? vendor, string code, string name)
    {
        foreach ((string part, string brand) in Brands)
        {
            if (code.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0 || name.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0)
            {
                return brand;
            }
        }

        return vendor?.ToUpperInvariant() switch
        {
            "COMODO" or "COMODO CA" or "SECTIGO" => "Sectigo",
            "SYMANTEC" or "VERISIGN" or "DIGICERT" => "DigiCert",
            "GEOTRUST" => "GeoTrust",
            "THAWTE" => "Thawte",
            "RAPIDSSL" => "RapidSSL",
            "CERTUM" => "Certum",
            null or "" => code.StartsWith("digi_", StringComparison.OrdinalIgnoreCase) ? "DigiCert" : "Unknown",
            _ => vendor!,
        };
    }

    private static ValidationType TypeOf(JObject json, int kind) =>
        json.Flag("isEVProduct") ? ValidationType.EV
        : json.Flag("isOVProduct") ? ValidationType.OV
        : json.Flag("isDVProduct") ? ValidationType.DV
        : kind switch
        {
            1 => ValidationType.DV,
            2 => ValidationType.EV,
            3 => ValidationType.OV,
            _ => ValidationType.Unknown,
        };

    private static ProductPrice? Price(JObject json) => json.Number("NumberOfMonths") is int months and > 0 && json.Amount("Price") is decimal amount
        ? new ProductPrice
        {
            Months = months,
            Servers = Math.Max(1, json.Number("NumberOfServer") ?? 1),
            Amount = amount,
            PerName = json.Amount("PricePerAdditionalSAN") ?? 0,
            PerWildcard = json.Amount("PricePerWildcardSAN") ?? json.Amount("WildcardPrice") ?? 0,
            PerServer = json.Amount("PricePerAdditionalServer") ?? 0,
        }
        : null;
}
