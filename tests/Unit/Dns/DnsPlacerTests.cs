using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace KeyManager.Tests.Dns;

/// <summary>Which account writes which record where.</summary>
public sealed class DnsPlacerTests : IDisposable
{
    private readonly DnsBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_account_whose_zones_hold_the_name_is_taken_and_the_longest_zone_wins()
    {
        _bench.Add("wide", "contoso.com");
        _bench.Add("deep", "shop.contoso.com,fabrikam.com", "Other");
        IReadOnlyList<DnsPlacement> places = await _bench.PlaceAsync(null, "www.contoso.com", "a.shop.contoso.com", "*.fabrikam.com");
        Assert.Equal(
            ["_acme-challenge.www.contoso.com in contoso.com (wide)", "_acme-challenge.a.shop.contoso.com in shop.contoso.com (deep)", "_acme-challenge.fabrikam.com in fabrikam.com (deep)"],
            places.Select(p => p.ToString()));
        Assert.Equal(["find deep", "find wide"], _bench.Provider.Calls.Concat(_bench.Other.Calls).Order());
    }

    [Fact]
    public async Task The_account_of_the_order_goes_before_the_mapping_and_the_mapping_before_the_zones()
    {
        _bench.Add("a", "contoso.com");
        _bench.Add("b", "contoso.com");
        _bench.Add("c", "contoso.com,fabrikam.com");
        _bench.Map("contoso.com", "b");
        Assert.Equal("c", (await _bench.PlaceAsync("c", "www.contoso.com")).Single().DnsAccount);
        Assert.Equal("b", (await _bench.PlaceAsync(null, "www.contoso.com")).Single().DnsAccount);
        _bench.Map("www.contoso.com", "a");
        Assert.Equal("a", (await _bench.PlaceAsync(null, "deep.www.contoso.com")).Single().DnsAccount);
        _bench.Map("*", "c");
        Assert.Equal("c", (await _bench.PlaceAsync(null, "fabrikam.com")).Single().DnsAccount);
    }

    [Fact]
    public async Task Two_accounts_that_hold_the_same_zone_are_no_guess()
    {
        _bench.Add("a", "contoso.com");
        _bench.Add("b", "contoso.com", "Other");
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => _bench.PlaceAsync(null, "www.contoso.com"));
        Assert.Equal(ErrorIds.DnsZoneAmbiguous, error.ErrorId);
        Assert.Contains("a, b", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set-KmDomainMapping contoso.com", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_outside_every_account_says_what_was_tried()
    {
        _bench.Add("a", "contoso.com");
        _bench.Add("broken", "fabrikam.com", "Other");
        _bench.Other.Before = (_, context) => throw new CredentialException(ErrorIds.DnsCredentialRejected, "The token has run out.");
        NotFoundException error = await Assert.ThrowsAsync<NotFoundException>(() => _bench.PlaceAsync(null, "www.tailspin.com"));
        Assert.Equal(ErrorIds.DnsZoneNotFound, error.ErrorId);
        Assert.All(
            ["_acme-challenge.www.tailspin.com, www.tailspin.com, tailspin.com", "a (Fake) has no such zone", "broken (Other) could not be asked (The token has run out)"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));

        // What has nothing to do with the name does not stand in its way.
        Assert.Equal("a", (await _bench.PlaceAsync(null, "www.contoso.com")).Single().DnsAccount);
    }

    [Fact]
    public async Task An_account_that_is_named_has_to_hold_the_name()
    {
        _bench.Add("a", "contoso.com");
        _bench.Add("b", "fabrikam.com");
        NotFoundException error = await Assert.ThrowsAsync<NotFoundException>(() => _bench.PlaceAsync("a", "www.fabrikam.com"));
        Assert.Equal(ErrorIds.DnsZoneNotFound, error.ErrorId);
        Assert.Contains("a (Fake)", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorIds.DnsAccountNotFound, (await Assert.ThrowsAsync<NotFoundException>(() => _bench.PlaceAsync("none", "www.contoso.com"))).ErrorId);
    }

    [Fact]
    public async Task An_account_that_is_switched_off_is_not_used()
    {
        _bench.Add("a", "contoso.com");
        _bench.Accounts.SetEnabled("a", enabled: false);
        Assert.Equal(ErrorIds.DnsAccountDisabled, (await Assert.ThrowsAsync<ConflictException>(() => _bench.PlaceAsync("a", "www.contoso.com"))).ErrorId);
        Assert.Equal(ErrorIds.DnsZoneNotFound, (await Assert.ThrowsAsync<NotFoundException>(() => _bench.PlaceAsync(null, "www.contoso.com"))).ErrorId);
        _bench.Map("contoso.com", "a");
        Assert.Equal(ErrorIds.DnsAccountDisabled, (await Assert.ThrowsAsync<ConflictException>(() => _bench.PlaceAsync(null, "www.contoso.com"))).ErrorId);
        _bench.Accounts.SetEnabled("a", enabled: true);
        Assert.Equal("a", (await _bench.PlaceAsync(null, "www.contoso.com")).Single().DnsAccount);
    }

    [Fact]
    public async Task One_that_takes_every_name_is_used_only_where_it_is_named()
    {
        _bench.Add("script", "contoso.com", "Blind");
        await Assert.ThrowsAsync<NotFoundException>(() => _bench.PlaceAsync(null, "www.contoso.com"));
        Assert.Equal("script", (await _bench.PlaceAsync("script", "www.contoso.com")).Single().DnsAccount);
        _bench.Map("contoso.com", "script");
        Assert.Equal("script", (await _bench.PlaceAsync(null, "www.contoso.com")).Single().DnsAccount);
    }

    [Fact]
    public async Task An_alias_is_followed_to_the_account_that_holds_where_it_leads()
    {
        _bench.Add("a", "contoso.com");
        _bench.Add("b", "proofs.net", "Other");
        _bench.Aliases.Targets["_acme-challenge.www.contoso.com"] = "www.contoso.proofs.net";
        _bench.Aliases.Targets["_acme-challenge.mail.contoso.com"] = "hop.contoso.com";
        _bench.Aliases.Targets["hop.contoso.com"] = "mail.contoso.com";
        Assert.Equal(
            ["www.contoso.proofs.net in proofs.net (b)", "mail.contoso.com in contoso.com (a)", "_acme-challenge.contoso.com in contoso.com (a)"],
            (await _bench.PlaceAsync(null, "www.contoso.com", "mail.contoso.com", "contoso.com")).Select(p => p.ToString()));

        // Also when the order names the account of the name itself.
        Assert.Equal("b", (await _bench.PlaceAsync("a", "www.contoso.com")).Single().DnsAccount);
    }

    [Fact]
    public async Task An_alias_that_leads_to_nobodys_zone_is_warned_of_and_the_name_itself_taken()
    {
        _bench.Add("a", "contoso.com");
        _bench.Aliases.Targets["_acme-challenge.www.contoso.com"] = "www.elsewhere.net";
        Assert.Equal("_acme-challenge.www.contoso.com", (await _bench.PlaceAsync(null, "www.contoso.com")).Single().RecordName);
        Assert.Contains("www.elsewhere.net", Assert.Single(_bench.Bench.Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aliases_are_followed_always_or_never_where_the_account_says_so()
    {
        _bench.Add("always", "contoso.com", settings: ("FollowAlias", "Always"));
        _bench.Add("never", "contoso.com,proofs.net", settings: ("FollowAlias", "Never"));
        _bench.Aliases.Targets["_acme-challenge.www.contoso.com"] = "www.proofs.org";
        Assert.Equal(ErrorIds.DnsAliasLoop, (await Assert.ThrowsAsync<ChallengeException>(() => _bench.PlaceAsync("always", "www.contoso.com"))).ErrorId);
        _bench.Aliases.Resolvers.Clear();
        Assert.Equal("_acme-challenge.www.contoso.com", (await _bench.PlaceAsync("never", "www.contoso.com")).Single().RecordName);
        Assert.Empty(_bench.Aliases.Resolvers);
    }

    [Fact]
    public async Task A_mapping_can_name_the_record_and_the_zone()
    {
        _bench.Add("a", "contoso.com,proofs.net");
        _bench.Map("contoso.com", "a", "all.contoso.proofs.net");
        Assert.Equal(["all.contoso.proofs.net", "all.contoso.proofs.net"], (await _bench.PlaceAsync(null, "www.contoso.com", "contoso.com")).Select(p => p.RecordName));
        DomainMapping mapping = _bench.Map("fabrikam.com", "a", settings: ("Zones", "fabrikam.com"));
        DnsPlacement place = (await _bench.PlaceAsync(null, "www.fabrikam.com")).Single();
        Assert.Equal(("fabrikam.com", mapping.Id), (place.Zone, place.MappingId));
        await Assert.ThrowsAsync<NotFoundException>(() => _bench.PlaceAsync("a", "www.tailspin.com"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(null)]
    public async Task A_resolver_of_the_account_is_asked_for_aliases_also_where_its_zones_have_chosen_it(string? account)
    {
        _bench.Add("a", "contoso.com", settings: ("Resolver", "127.0.0.1:5353"));
        await _bench.PlaceAsync(account, "www.contoso.com");
        Assert.Equal(["127.0.0.1:5353"], _bench.Aliases.Resolvers);
    }

    [Fact]
    public async Task An_account_is_asked_once_for_all_names_and_once_more_for_where_they_lead()
    {
        _bench.Add("a", "contoso.com");
        _bench.Aliases.Targets["_acme-challenge.h1.contoso.com"] = "proof.contoso.com";
        await _bench.PlaceAsync(null, [.. Enumerable.Range(0, 20).Select(i => $"h{i}.contoso.com")]);
        Assert.Equal(2, _bench.Provider.Calls.Count);
    }
}
