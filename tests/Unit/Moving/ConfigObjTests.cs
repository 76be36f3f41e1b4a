using System;
using KeyManager.Providers.Moving.Certbot;
using Xunit;

namespace KeyManager.Tests.Moving;

public sealed class ConfigObjTests
{
    [Theory]
    [InlineData("a = b", "b")]
    [InlineData("a = b # why", "b")]
    [InlineData("a = 'b # c'", "b # c")]
    [InlineData("a = \"b, c\"", "b, c")]
    [InlineData("  a=b  ", "b")]
    [InlineData("a = b,", "b")]
    [InlineData("a = None", null)]
    [InlineData("a = ", null)]
    [InlineData("a = ''", null)]
    [InlineData("b = a", null)]
    public void Values_lose_quotes_and_remarks(string text, string? value) => Assert.Equal(value, ConfigObj.Parse(text).Text("", "a"));

    [Fact]
    public void Lists_and_sections_of_sections_are_read()
    {
        ConfigObj parsed = ConfigObj.Parse("x = 1, 'two, three', 4\n[one]\ny = 2\n[[two]]\nz = 3\n[three]\nz = 4\n");
        Assert.Equal(["1", "two, three", "4"], parsed.List("", "x"));
        Assert.Equal(("2", "3", "4"), (parsed.Text("one", "y"), parsed.Text("one/two", "z"), parsed.Text("three", "z")));
        Assert.Equal(["z"], parsed.Names("one/two"));
        Assert.True(parsed.HasSection("three"));
        Assert.False(parsed.HasSection("two"));
        Assert.Empty(parsed.List("nowhere", "x"));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("= secret")]
    [InlineData("[[deep]]")]
    [InlineData("[]")]
    public void What_is_neither_is_refused_without_quoting_it(string line)
    {
        FormatException refused = Assert.Throws<FormatException>(() => ConfigObj.Parse("a = b\n" + line));
        Assert.Contains("Line 2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }
}
