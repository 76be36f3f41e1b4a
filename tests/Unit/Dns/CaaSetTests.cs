using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using Xunit;

namespace KeyManager.Tests.Dns;

public sealed class CaaSetTests
{
    private const string Account = "https://ca.example/acct/1";

    [Theory]

    // No property of the kind wanted: everybody may.
    [InlineData(false, true, "iodef=mailto:x@contoso.test")]
    [InlineData(false, true, "issuewild=;")]
    [InlineData(true, true, "issuemail=;")]

    // One that fits is enough.
    [InlineData(false, true, "issue=other.example", "issue=ca.example")]
    [InlineData(false, true, "issue=CA.Example")]
    [InlineData(false, true, "issue=  ca.example  ;  ")]
    [InlineData(false, false, "issue=other.example")]
    [InlineData(false, false, "issue=;")]
    [InlineData(false, false, "issue=")]
    [InlineData(false, false, "issue=sub.ca.example")]
    [InlineData(false, false, "issue=example")]

    // A wildcard goes by issuewild where there is one, else by issue; another name never goes by issuewild.
    [InlineData(true, true, "issue=ca.example")]
    [InlineData(true, false, "issue=ca.example", "issuewild=;")]
    [InlineData(true, true, "issue=;", "issuewild=ca.example")]
    [InlineData(false, false, "issue=;", "issuewild=ca.example")]

    // Account and method, both where both are there.
    [InlineData(false, true, "issue=ca.example; accounturi=https://ca.example/acct/1")]
    [InlineData(false, false, "issue=ca.example; accounturi=https://ca.example/acct/2")]
    [InlineData(false, false, "issue=ca.example; accounturi=https://ca.example/acct/1; accounturi=https://ca.example/acct/1")]
    [InlineData(false, true, "issue=ca.example;validationmethods=http-01,dns-01")]
    [InlineData(false, false, "issue=ca.example;validationmethods=http-01")]
    [InlineData(false, false, "issue=ca.example;validationmethods=dns-01;validationmethods=dns-01")]
    [InlineData(false, false, "issue=ca.example;validationmethods=http-01;accounturi=https://ca.example/acct/1")]
    [InlineData(false, true, "issue=ca.example; ca-special=1; policy=ev")]

    // Off the grammar allows nobody.
    [InlineData(false, false, "issue=ca.example; nothing")]
    [InlineData(false, false, "issue=ca.example; a=b c")]
    [InlineData(false, false, "issue=%%%")]
    [InlineData(false, false, "issue=ca.example; =x")]

    // What nobody knows: only when it is critical.
    [InlineData(false, true, "tbs=x", "issue=ca.example")]
    [InlineData(false, false, "!tbs=x", "issue=ca.example")]
    [InlineData(false, true, "!issue=ca.example")]
    public void What_a_set_allows(bool isWildcard, bool allowed, params string[] records)
    {
        CaaSet set = new([.. records.Select(Read)]);

        string? obstacle = set.FindObstacle(isWildcard, ["ca.example"], Account, "dns-01");

        Assert.True(allowed == obstacle is null, obstacle);
    }

    [Fact]
    public void The_reason_names_the_property()
    {
        Assert.Equal("0 issue \"other.example\" allows other.example; 0 issue \";\" allows nobody", Why("issue=other.example", "issue=;"));
        Assert.Equal("0 issue \"ca.example; accounturi=x\" is for another account than https://ca.example/acct/1", Why("issue=ca.example; accounturi=x"));
        Assert.Equal("0 issue \"ca.example; validationmethods=http-01\" does not allow dns-01", Why("issue=ca.example; validationmethods=http-01"));
        Assert.Contains("128 tbs \"x\" is marked as critical", Why("!tbs=x"), StringComparison.Ordinal);

        static string? Why(params string[] records) => new CaaSet([.. records.Select(Read)]).FindObstacle(false, ["ca.example"], Account, "dns-01");
    }

    [Fact]
    public void What_is_not_known_is_not_held_against_a_property_but_an_account_is()
    {
        Assert.Null(new CaaSet([Read("issue=ca.example; validationmethods=http-01")]).FindObstacle(false, ["ca.example"], null, null));
        Assert.NotNull(new CaaSet([Read("issue=ca.example; accounturi=x")]).FindObstacle(false, ["ca.example"], null, null));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0000")]
    [InlineData("0005697373")]
    [InlineData("0003692d65")]
    public void Data_that_is_no_property_is_an_error(string data) =>
        Assert.Throws<DnsException>(() => CaaRecord.Read(new DnsRecord(DnsName.Parse("contoso.test"), DnsType.Caa, DnsClass.Internet, 60, Hex.Read(data))));

    /// <summary>"issue=value", "!issue=value" when it is critical.</summary>
    internal static CaaRecord Read(string text) => CaaRecord.Read(Record("contoso.test", text));

    internal static DnsRecord Record(string name, string text)
    {
        bool isCritical = text.StartsWith('!');
        string[] parts = text.TrimStart('!').Split('=', 2);
        List<byte> data = [(byte)(isCritical ? 128 : 0), (byte)parts[0].Length, .. Encoding.ASCII.GetBytes(parts[0]), .. Encoding.ASCII.GetBytes(parts[1])];
        return new DnsRecord(DnsName.Parse(name), DnsType.Caa, DnsClass.Internet, 60, [.. data]);
    }
}
