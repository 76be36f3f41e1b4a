using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.EmSign.Protocol;

/// <summary>Products as GetProductDetails lists them. What a product allows only its name says.</summary>
internal static class ProductResource
{
    public const string Vendor = "emSign";

    /// <summary>The API names no limit.</summary>
    private const int ManyNames = 1000;

    private static readonly Regex Server = new(@"ssl|tls|server", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, System.TimeSpan.FromSeconds(1));

    private static readonly Regex Kind = new(@"\b(?<kind>DV|OV|EV)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, System.TimeSpan.FromSeconds(1));

    private static readonly Regex Several = new(@"\b(UCC|SAN|multi\W?domain)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, System.TimeSpan.FromSeconds(1));

    /// <summary>The certificates for servers in one answer.</summary>
    public static IEnumerable<Product> Read(IEnumerable<JObject> categories) => categories.SelectMany(category => category.Objects("products").Select(p => Read(p, category)).OfType<Product>());

    private static Product? Read(JObject json, JObject category)
    {
        if (json.Text("productCode") is not string code)
        {
            return null;
        }

        string name = json.Text("productName") ?? code;
        bool isServer = category.Text("categoryID") == "3" || Server.IsMatch(category.Text("categoryName") ?? "") || Server.IsMatch(name);
        ValidationType type = Kind.Match(name) is { Success: true } match && System.Enum.TryParse(match.Groups["kind"].Value, ignoreCase: true, out ValidationType known) ? known : ValidationType.Unknown;
        if (!isServer && type == ValidationType.Unknown)
        {
            return null; // for mails, documents, private authorities
        }

        bool hasWildcard = name.IndexOf("wildcard", System.StringComparison.OrdinalIgnoreCase) >= 0;
        bool hasMore = Several.IsMatch(name);
        decimal? price = json.Amount("price");
        return new Product
        {
            Code = code,
            Name = name,
            Vendor = Vendor,
            AuthorityVendor = category.Text("categoryName") ?? "",
            ValidationType = type,
            ValidityMonths = [12, 24, 36],
            AllowsWildcard = hasWildcard,
            NeedsWildcard = hasWildcard && !hasMore,
            MaxAdditionalNames = hasMore ? ManyNames : 0,
            IncludesWww = !hasWildcard && !hasMore,
            HasUnlimitedServers = true,
            TakesOrganization = true,
            Prices = price is decimal amount ? [new ProductPrice { Months = 12, Amount = amount }] : [],
            Currency = category.Text("currencyType") ?? "",
        };
    }
}
