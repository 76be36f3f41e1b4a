using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using Xunit;

namespace KeyManager.Tests.Dns;

public sealed class NamedTests
{
    private const string Zone =
        "one TXT \"lCM7cZyQXcVHK2nnW3jjAhNT3Fvm18UN-kWZZknKoYM\"\n"
        + "strings TXT \"a\" \"bc\" \"\"\n"
        + "alias CNAME middle\nmiddle CNAME one\ndead CNAME gone\ncircle CNAME round\nround CNAME circle\nout CNAME one.broken.test.\n"
        + "address A 192.0.2.1\n"
        + "UPPER TXT \"upper\"\n";

    [Fact]
    public async Task Named_and_the_probe_understand_each_other()
    {
        string many = string.Concat(Enumerable.Range(0, 60).Select(i => $"many TXT \"value-{i:D38}\"\n"));
        using NamedServer server = new(Zone + many);

        Assert.Equal(["lCM7cZyQXcVHK2nnW3jjAhNT3Fvm18UN-kWZZknKoYM"], await AskAsync(server, "one"));
        Assert.Equal(["abc"], await AskAsync(server, "strings"));
        Assert.Equal(["lCM7cZyQXcVHK2nnW3jjAhNT3Fvm18UN-kWZZknKoYM"], await AskAsync(server, "alias"));
        Assert.Equal(["upper"], await AskAsync(server, "uPPer"));
        Assert.Equal(60, (await AskAsync(server, "many")).Distinct().Count());
        Assert.Empty(await AskAsync(server, "gone"));
        Assert.Empty(await AskAsync(server, "dead"));
        Assert.Empty(await AskAsync(server, "address"));
        Assert.Contains("circle", (await Assert.ThrowsAsync<ChallengeException>(() => AskAsync(server, "circle"))).Message, StringComparison.Ordinal);
        Assert.Contains("SERVFAIL", (await Assert.ThrowsAsync<ChallengeException>(() => AskAsync(server, "out"))).Message, StringComparison.Ordinal);

        DnsMessage start = await new DnsClient(Clock.System).QueryAsync(server.EndPoint, DnsName.Parse("example.test"), DnsType.Soa, recursionDesired: false, CancellationToken.None);
        Assert.True(start is { IsAuthoritative: true, HasEdns: true });
        Assert.Equal("036e7331076578616d706c650474657374000a686f73746d6173746572076578616d706c65047465737400" + "00000001" + "00000e10" + "00000258" + "00015180" + "0000003c", Hex.Write(Assert.Single(start.Answers).Data));

        DnsException refused = await Assert.ThrowsAsync<DnsException>(() =>
            new DnsClient(Clock.System).QueryAsync(server.EndPoint, DnsName.Parse("elsewhere.test"), DnsType.Txt, recursionDesired: true, CancellationToken.None));
        Assert.Equal(DnsResponseCode.Refused, refused.ResponseCode);
    }

    private static Task<IReadOnlyList<string>> AskAsync(NamedServer server, string label) =>
        new ValidationProbe(Clock.System).GetRecordsAsync(label + ".example.test", KeyManager.Dns.DnsRecordType.Txt, server.EndPoint.ToString(), CancellationToken.None);
}
