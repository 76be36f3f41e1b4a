using System;
using System.Linq;
using KeyManager.Deployments;
using KeyManager.Discovery;
using KeyManager.Operations;
using Xunit;

namespace KeyManager.Tests.Discovery;

public sealed class EndpointRangeTests
{
    [Theory]
    [InlineData("www.contoso.com", "www.contoso.com:443")]
    [InlineData("WWW.contoso.com:8443", "www.contoso.com:8443")]
    [InlineData("10.0.0.5", "10.0.0.5:443")]
    [InlineData("[2001:db8::1]:8443", "[2001:db8::1]:8443")]
    [InlineData("2001:db8::1", "[2001:db8::1]:443")]
    [InlineData("smtp://mail.contoso.com", "smtp://mail.contoso.com:25")]
    [InlineData("smtp://mail.contoso.com:2525", "smtp://mail.contoso.com:2525")]
    [InlineData("ldaps://dc.contoso.com", "dc.contoso.com:636")]
    [InlineData("https://www.contoso.com/a/b?c", "www.contoso.com:443")]
    [InlineData("https://www.contoso.com:8443/", "www.contoso.com:8443")]
    [InlineData("mail.contoso.com:587", "smtp://mail.contoso.com:587")]
    [InlineData("mail.contoso.com:993", "mail.contoso.com:993")]
    [InlineData("chat.contoso.com:5269", "xmpp-server://chat.contoso.com:5269")]
    [InlineData("bücher.example", "xn--bcher-kva.example:443")]
    [InlineData("10.0.0.9/32", "10.0.0.9:443")]
    [InlineData("imap://10.0.0.9:1143 (mail.contoso.com)", "imap://10.0.0.9:1143 (mail.contoso.com)")]
    public void A_place_is_read(string text, string location) => Assert.Equal(location, EndpointRange.LocationOf(Assert.Single(Parse(text).Enumerate())));

    [Theory]
    [InlineData("10.0.0.7/30", "10.0.0.5:443 10.0.0.6:443")]
    [InlineData("10.0.0.254-10.0.1.1", "10.0.0.254:443 10.0.0.255:443 10.0.1.0:443 10.0.1.1:443")]
    [InlineData("10.0.0.1-2:25", "smtp://10.0.0.1:25 smtp://10.0.0.2:25")]
    [InlineData("tls://10.0.0.0/31:8000-8001", "10.0.0.0:8000 10.0.0.1:8000 10.0.0.0:8001 10.0.0.1:8001")]
    [InlineData("2001:db8::/127", "[2001:db8::]:443 [2001:db8::1]:443")]
    public void A_range_is_every_place_in_it(string text, string locations)
    {
        EndpointRange range = Parse(text);

        Assert.Equal(locations.Split(' '), range.Enumerate().Select(EndpointRange.LocationOf));
        Assert.Equal(locations.Split(' ').Length, range.Count);
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/x")]
    [InlineData("www.contoso.com/24")]
    [InlineData("10.0.0.9-10.0.0.1")]
    [InlineData("10.0.0.1-2001:db8::1")]
    [InlineData("www.contoso.com:0")]
    [InlineData("www.contoso.com:70000")]
    [InlineData("www.contoso.com:https")]
    [InlineData("www.contoso.com:9-8")]
    [InlineData("www contoso")]
    [InlineData("*.contoso.com")]
    [InlineData("10.0.0.256")]
    [InlineData("smpt://mail.contoso.com")]
    [InlineData("-x")]
    [InlineData("")]
    public void What_is_no_place_is_named_with_a_remedy(string text)
    {
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => Parse(text));

        Assert.Equal(ErrorIds.InvalidParameter, error.ErrorId);
        Assert.StartsWith((string)error.Target!, text, StringComparison.Ordinal);
        Assert.Contains($"'{error.Target}'", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void Ports_that_are_given_hold_where_the_place_names_none()
    {
        Assert.Equal(["a.test:8443", "smtp://a.test:25"], EndpointRange.Parse("a.test", [8443, 25, 8443], null, null).Enumerate().Select(EndpointRange.LocationOf));
        Assert.Equal(["imap://a.test:8443"], EndpointRange.Parse("a.test", [8443], EndpointProtocol.Imap, null).Enumerate().Select(EndpointRange.LocationOf));
        Assert.Equal(["imap://a.test:143"], EndpointRange.Parse("a.test", [], EndpointProtocol.Imap, null).Enumerate().Select(EndpointRange.LocationOf));
        Assert.Equal(["a.test:443 (www.test)"], EndpointRange.Parse("a.test", [], null, "www.test").Enumerate().Select(EndpointRange.LocationOf));
    }

    [Fact]
    public void What_is_excluded_is_left_out_and_nothing_comes_twice()
    {
        EndpointScope scope = DiscoveryBench.Endpoints("10.0.0.0/29", "10.0.0.3") with { Excluded = [HostRange.Parse("10.0.0.4-6"), HostRange.Parse("10.0.0.1")] };

        Assert.Equal(["10.0.0.2", "10.0.0.3"], scope.Enumerate().Select(p => p.Endpoint.Host));
    }

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("2001:db8::/64")]
    [InlineData("::/0")]
    [InlineData("10.0.0.0/16:1-65535")]
    public void What_is_too_large_is_refused_with_the_number(string text)
    {
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => FindCertificates.Check(DiscoveryBench.Endpoints(text)));

        Assert.Contains("262,144 at most", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void A_large_network_is_counted_without_being_listed() => Assert.Equal(65_534, Parse("10.0.0.0/16").Count);

    private static EndpointRange Parse(string text) => EndpointRange.Parse(text, [], null, null);
}
