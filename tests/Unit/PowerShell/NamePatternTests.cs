using KeyManager.PowerShell;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class NamePatternTests
{
    private static readonly string[] Names = ["*.contoso.com", "www.contoso.com", "mail.contoso.com", "fabrikam.com"];

    [Theory]
    [InlineData("*.contoso.com", "*.contoso.com")]
    [InlineData("WWW.contoso.com", "www.contoso.com")]
    [InlineData(" fabrikam.com ", "fabrikam.com")]
    [InlineData("w*", "www.contoso.com")]
    [InlineData("*contoso*", "*.contoso.com", "www.contoso.com", "mail.contoso.com")]
    [InlineData("[fm]*", "mail.contoso.com", "fabrikam.com")]
    [InlineData("contoso.com")]
    public void A_name_is_literal_first_and_a_pattern_then(string pattern, params string[] meant) =>
        Assert.Equal(meant, new NamePattern(pattern).Select(Names, n => n));

    [Fact]
    public void Without_such_a_wildcard_certificate_the_pattern_counts() =>
        Assert.Equal(["www.contoso.com"], new NamePattern("*.contoso.com").Select(["www.contoso.com", "x.example"], n => n));

    [Theory]
    [InlineData("a*", true)]
    [InlineData("abc", false)]
    [InlineData("a`*", false)]
    public void It_knows_whether_nothing_found_is_an_error(string pattern, bool wildcards) =>
        Assert.Equal(wildcards, new NamePattern(pattern).HasWildcards);
}
