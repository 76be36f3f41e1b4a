using System;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace KeyManager.Tests.Core;

public sealed class DomainNameTests
{
    [Theory]
    [InlineData("www.contoso.com", "www.contoso.com", DomainNameKind.Dns)]
    [InlineData("  WWW.Contoso.COM. ", "www.contoso.com", DomainNameKind.Dns)]
    [InlineData("*.contoso.com", "*.contoso.com", DomainNameKind.Wildcard)]
    [InlineData("bücher.example", "xn--bcher-kva.example", DomainNameKind.Dns)]
    [InlineData("*.bücher.example", "*.xn--bcher-kva.example", DomainNameKind.Wildcard)]
    [InlineData("例え.テスト", "xn--r8jz45g.xn--zckzah", DomainNameKind.Dns)]
    [InlineData("localhost", "localhost", DomainNameKind.Dns)]
    [InlineData("192.0.2.7", "192.0.2.7", DomainNameKind.IpAddress)]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1", DomainNameKind.IpAddress)]
    [InlineData("[2001:db8::1]", "2001:db8::1", DomainNameKind.IpAddress)]
    [InlineData("3com.example", "3com.example", DomainNameKind.Dns)]
    public void A_good_name_is_read_into_its_ascii_form(string text, string ascii, DomainNameKind kind)
    {
        DomainName name = DomainName.Parse(text);

        Assert.Equal(ascii, name.Ascii);
        Assert.Equal(kind, name.Kind);
        Assert.Equal(name, DomainName.Parse(name.Ascii));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("   ", "empty")]
    [InlineData("https://www.contoso.com/", "URL")]
    [InlineData("www.contoso.com:443", "port")]
    [InlineData("admin@contoso.com", "'@'")]
    [InlineData("www contoso.com", "space")]
    [InlineData("www..contoso.com", "empty label")]
    [InlineData(".contoso.com", "empty label")]
    [InlineData("www.*.com", "left-most")]
    [InlineData("w*.contoso.com", "left-most")]
    [InlineData("*.*.contoso.com", "left-most")]
    [InlineData("*.com", "two labels")]
    [InlineData("*", "left-most")]
    [InlineData("-www.contoso.com", "'-'")]
    [InlineData("my_host.contoso.com", "letters, digits")]
    [InlineData("1.2.3", "last label is a number")]
    [InlineData("256.1.1.1", "last label is a number")]
    [InlineData("01.1.1.1", "last label is a number")]
    [InlineData("fe80::1%eth0", "':'")]
    public void A_bad_name_says_what_is_wrong(string text, string part)
    {
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => DomainName.Parse(text));

        Assert.Equal(ErrorIds.InvalidDomainName, error.ErrorId);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void A_label_of_63_characters_is_the_longest()
    {
        Assert.True(DomainName.TryParse(new string('a', 63) + ".example", out _));
        Assert.False(DomainName.TryParse(new string('a', 64) + ".example", out _));
    }

    [Fact]
    public void A_name_of_253_characters_is_the_longest()
    {
        string longest = string.Join(".", new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));
        Assert.Equal(253, longest.Length);
        Assert.True(DomainName.TryParse(longest, out _));
        Assert.False(DomainName.TryParse(longest + "d", out _));
        Assert.False(DomainName.TryParse("*." + longest, out _));
    }

    [Theory]
    [InlineData("*.contoso.com", "www.contoso.com", true)]
    [InlineData("*.contoso.com", "contoso.com", false)]
    [InlineData("*.contoso.com", "a.b.contoso.com", false)]
    [InlineData("*.contoso.com", "*.contoso.com", true)]
    [InlineData("www.contoso.com", "WWW.contoso.com", true)]
    [InlineData("www.contoso.com", "contoso.com", false)]
    public void A_wildcard_covers_one_label(string name, string other, bool covers) =>
        Assert.Equal(covers, DomainName.Parse(name).Covers(DomainName.Parse(other)));

    [Fact]
    public void Unicode_shows_the_own_script() => Assert.Equal("*.bücher.example", DomainName.Parse("*.xn--bcher-kva.example").Unicode);

    [Fact]
    public void Any_text_is_a_name_or_one_clear_error()
    {
        Prop.ForAll<string?>(text =>
        {
            try
            {
                DomainName name = DomainName.Parse(text);
                _ = name.Unicode;
                return DomainName.Parse(name.Ascii) == name && Encoding.UTF8.GetByteCount(name.Ascii) == name.Ascii.Length;
            }
            catch (InvalidRequestException)
            {
                return true;
            }
        }).QuickCheckThrowOnFailure();
    }
}
