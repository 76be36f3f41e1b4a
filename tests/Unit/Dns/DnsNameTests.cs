using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using Xunit;

namespace KeyManager.Tests.Dns;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("www.contoso.com", "www.contoso.com")]
    [InlineData("www.contoso.com.", "www.contoso.com")]
    [InlineData(".", ".")]
    [InlineData("", ".")]
    [InlineData(@"a\.b.test", @"a\.b.test")]
    [InlineData(@"a\046b.test", @"a\.b.test")]
    [InlineData(@"a\000b\255.test", @"a\000b\255.test")]
    [InlineData(@"\a.test", "a.test")]
    public void A_name_is_read_and_written_as_zone_files_do(string text, string written) => Assert.Equal(written, DnsName.Parse(text).ToString());

    [Theory]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("bücher.example")]
    [InlineData(@"a\")]
    [InlineData(@"a\25")]
    [InlineData(@"a\256")]
    [InlineData(@"a\1x3")]
    public void What_is_not_a_name_is_refused(string text) => Assert.Throws<DnsException>(() => DnsName.Parse(text));

    [Fact]
    public void A_label_has_63_octets_and_a_name_255_at_most()
    {
        string label = new('a', 63);
        Assert.Equal(255, DnsName.Parse($"{label}.{label}.{label}.{new string('b', 61)}").WireLength);
        Assert.Throws<DnsException>(() => DnsName.Parse($"{label}.{label}.{label}.{new string('b', 62)}"));
        Assert.Throws<DnsException>(() => DnsName.Parse(label + "a"));
    }

    [Fact]
    public void Case_does_not_tell_names_apart()
    {
        DnsName one = DnsName.Parse("_ACME-Challenge.WIKI.test");
        DnsName other = DnsName.Parse("_acme-challenge.wiki.TEST");

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal("_acme-challenge.wiki.test", one.Canonical.ToString());
    }

    [Fact]
    public void A_dot_within_a_label_is_not_one_between_labels() => Assert.NotEqual(DnsName.Parse(@"a\.b"), DnsName.Parse("a.b"));

    [Theory]
    [InlineData("www.contoso.com", "contoso.COM", true)]
    [InlineData("contoso.com", "contoso.com", true)]
    [InlineData("contoso.com", ".", true)]
    [InlineData("notcontoso.com", "contoso.com", false)]
    [InlineData("com", "contoso.com", false)]
    public void A_name_lies_below_its_ancestors(string name, string ancestor, bool below) =>
        Assert.Equal(below, DnsName.Parse(name).IsAtOrBelow(DnsName.Parse(ancestor)));

    [Fact]
    public void Every_name_comes_back_from_its_text()
    {
        Prop.ForAll<byte[][]>(raw =>
        {
            byte[][] labels = (raw ?? []).Where(label => label is { Length: > 0 and <= 63 }).Take(7).Select(label => label.Take(30).ToArray()).ToArray();
            DnsName name = new(labels);
            DnsName back = DnsName.Parse(name.ToString());
            return back.Labels.Count == labels.Length && back.Labels.Zip(labels, (a, b) => a.SequenceEqual(b)).All(same => same);
        }).QuickCheckThrowOnFailure();
    }
}
