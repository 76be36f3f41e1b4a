using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using KeyManager.Tests.Support.SslStore;
using Xunit;

namespace KeyManager.Tests.SslStore;

public sealed class SslStoreCatalogueTests : SslStoreTests
{
    [Fact]
    public async Task Products_have_their_brand_validation_limits_and_prices_and_other_things_are_left_out()
    {
        await Store.AddAccountAsync();
        Dictionary<string, Product> products = Store.Services.Catalog.List(Store.Account.Id).ToDictionary(p => p.Code);
        Assert.DoesNotContain("comodocsc", products.Keys);
        Assert.Equal(("Sectigo", ValidationType.DV, true), (products["positivessl"].Vendor, products["positivessl"].ValidationType, products["positivessl"].IncludesWww));
        Assert.Equal([12, 24], products["positivessl"].ValidityMonths);
        Assert.Equal(("RapidSSL", "DIGICERT"), (products["digi_rapidssl"].Vendor, products["digi_rapidssl"].AuthorityVendor));
        Assert.Equal(("DigiCert", "SYMANTEC"), (products["digi_ssl_ev_basic"].Vendor, products["digi_ssl_ev_basic"].AuthorityVendor));
        Assert.True(products["positivesslwildcard"].NeedsWildcard);
        Assert.Equal((4, 2), (products["positivemdcssl"].MaxAdditionalNames, products["positivemdcssl"].IncludedNames));
        Assert.True(products["digi_securesite_flex"].AllowsWildcard);
    }

    [Fact]
    public async Task It_is_asked_for_once_a_day_and_an_old_one_serves_while_the_api_is_away()
    {
        await Store.AddAccountAsync();
        await Store.Services.Catalog.GetAsync(null, Store.Bench.Reporter, CancellationToken.None);
        Assert.Equal(1, Store.Server.Calls.Count(c => c == "product/query"));
        Store.Bench.Clock.Advance(TimeSpan.FromHours(25));
        Store.Server.Fail("product/query", [.. Enumerable.Repeat(new SslStoreFault(Status: 500), 4)]);
        Assert.NotEmpty(await Store.Services.Catalog.GetAsync(null, Store.Bench.Reporter, CancellationToken.None));
        Assert.Contains(Store.Bench.Reporter.Warnings, x => x.Contains("2026-03-01", StringComparison.Ordinal));
        IReadOnlyList<Product> fresh = await Store.Services.Catalog.GetAsync(null, Store.Bench.Reporter, CancellationToken.None);
        Assert.Equal(Store.Bench.Clock.UtcNow.Date, fresh[0].FetchedAt.Date);
    }

    [Fact]
    public async Task A_large_catalogue_with_odd_members_is_read()
    {
        Store.Server.Catalogue = new Newtonsoft.Json.Linq.JArray(Enumerable.Range(0, 4000).Select(i => new Newtonsoft.Json.Linq.JObject
        {
            ["productcode"] = "p" + i,
            ["ProductType"] = "4",
            ["isWlidcard"] = "true",
            ["PricingInfo"] = new Newtonsoft.Json.Linq.JArray(new Newtonsoft.Json.Linq.JObject { ["NumberOfMonths"] = "12", ["Price"] = "1,049.50" }),
        }));
        await Store.AddAccountAsync();
        IReadOnlyList<Product> all = Store.Services.Catalog.List(Store.Account.Id);
        Assert.Equal(4000, all.Count);
        Assert.True(all[0].NeedsWildcard);
        Assert.Equal(1049.50m, all[0].Prices[0].Amount);
    }

    [Theory]
    [InlineData("positivesssl", null, null, "KmProductNotFound", "positivesssl")]
    [InlineData(null, null, null, "KmProductNotFound", "has to name its product")]
    [InlineData(null, "Symantec", "OV", "KmProductNotFound", "DigiCert has issued them")]
    [InlineData("positivessl", "DigiCert", null, "KmProductUnsuitable", "Sectigo")]
    public async Task A_product_that_is_not_there_or_another_one_is_refused(string? product, string? vendor, string? type, string errorId, string part)
    {
        await Store.AddAccountAsync();
        OrderRequest request = SslStoreBench.For("www.contoso.com") with { Product = product, Vendor = vendor, ValidationType = type is null ? null : (ValidationType)Enum.Parse(typeof(ValidationType), type) };
        KeyManagerException error = Assert.ThrowsAny<KeyManagerException>(() => Store.Services.PlaceOrder.Plan(request, Store.Bench.Reporter));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Empty(Store.Bench.Orders());
    }

    [Fact]
    public async Task Vendor_and_validation_choose_where_only_one_fits()
    {
        await Store.AddAccountAsync();
        OrderRequest request = SslStoreBench.For("*.contoso.com") with { Product = null, Vendor = "Sectigo", ValidationType = ValidationType.DV };
        Assert.Equal("positivesslwildcard", Store.Services.PlaceOrder.Plan(request, Store.Bench.Reporter).Order.Product);
        Assert.Equal("digi_ssl_ev_basic", Store.Services.PlaceOrder.Plan(request with { DomainNames = [DomainName.Parse("a.contoso.com")], Vendor = "symantec", ValidationType = ValidationType.EV, Organization = "contoso", AdminContact = Titled() }, Store.Bench.Reporter).Order.Product);
    }

    private string Titled() => Store.Services.Presets.Add(SslStoreBench.SomeContact("titled") with { Title = "CTO" }).Name;
}
