using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Dns;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Dns;

public sealed class RecordSurveyTests
{
    private readonly CollectingReporter _reporter = new();

    [Fact]
    public async Task Each_server_of_the_zone_is_a_line()
    {
        using NamedServer named = new("_acme-challenge TXT \"one\"\n_acme-challenge TXT \"two\"\n_acme-challenge.www CNAME proof.other.test.\n");

        DnsRecordTest line = Assert.Single(await SurveyAsync(named.EndPoint, "_acme-challenge.example.test", DnsRecordType.Txt, "one"));
        Assert.Equal(
            ("ns1.example.test", "127.0.0.1", "example.test", DnsAnswerKind.Present, 1L, "has the value"), (line.Server, line.Address, line.Zone, line.Result, line.Serial, line.Message));
        Assert.Equal(["one", "two"], line.Values.OrderBy(v => v));

        Assert.Equal("has 1 of 2 values: ", (await SurveyAsync(named.EndPoint, "_acme-challenge.example.test", DnsRecordType.Txt, "one", "three"))[0].Message.Substring(0, 19));
        Assert.Equal((DnsAnswerKind.Missing, "has no TXT record"), Said(await SurveyAsync(named.EndPoint, "_acme-challenge.mail.example.test", DnsRecordType.Txt)));

        // An alias is followed for a TXT record, and is itself what a question for a CNAME is about.
        DnsRecordTest followed = (await SurveyAsync(named.EndPoint, "_acme-challenge.www.example.test", DnsRecordType.Txt))[0];
        Assert.Equal(("_acme-challenge.www.example.test", "proof.other.test", "other.test", "has 'there'"), (followed.Name, followed.RecordName, followed.Zone, followed.Message));
        Assert.Contains(_reporter.Warnings, w => w.Contains("gone.elsewhere.test has no address", StringComparison.Ordinal));
        DnsRecordTest alias = (await SurveyAsync(named.EndPoint, "_acme-challenge.www.example.test", DnsRecordType.CName, "PROOF.other.test."))[0];
        Assert.Equal(("example.test", DnsAnswerKind.Present), (alias.Zone, alias.Result));
    }

    [Fact]
    public async Task Resolvers_that_are_named_are_asked_instead()
    {
        using ScriptedDnsServer good = new(query => query.Reply(DnsRecord.Text(query.Name, 60, "one")));
        using ScriptedDnsServer bad = new(query => query.Fail(DnsResponseCode.ServFail));

        IReadOnlyList<DnsRecordTest> lines = await Survey(good.EndPoint).RunAsync(
            "_acme-challenge.b\u00fccher.test", DnsRecordType.Txt, ["one"], [good.EndPoint.ToString(), bad.EndPoint.ToString()], _reporter, CancellationToken.None);

        Assert.Equal([DnsAnswerKind.Present, DnsAnswerKind.Failed], lines.Select(l => l.Result));
        Assert.Equal("_acme-challenge.xn--bcher-kva.test", lines[0].Name);
        Assert.Equal("answered SERVFAIL", lines[1].Message);
    }

    [Fact]
    public async Task What_cannot_be_asked_for_is_an_error()
    {
        using ScriptedDnsServer broken = new(query => query.Fail(DnsResponseCode.ServFail));

        Assert.Equal(ErrorIds.InvalidDomainName, (await Assert.ThrowsAsync<InvalidRequestException>(() => SurveyAsync(broken.EndPoint, "a..b", DnsRecordType.Txt))).ErrorId);
        Assert.Equal(ErrorIds.InvalidDomainName, (await Assert.ThrowsAsync<InvalidRequestException>(() => SurveyAsync(broken.EndPoint, ".", DnsRecordType.Txt))).ErrorId);
        NotFoundException error = await Assert.ThrowsAsync<NotFoundException>(() => SurveyAsync(broken.EndPoint, "www.contoso.test", DnsRecordType.Txt));
        Assert.Equal(ErrorIds.DnsZoneNotFound, error.ErrorId);
        Assert.Contains("-Resolver", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cmdlet_needs_no_store_and_asks_for_each_name()
    {
        using ScriptedDnsServer server = new(query => query.Reply(DnsRecord.Text(query.Name, 60, "one")));

        CmdletResult result = Run.Cmdlet<TestKmDnsRecordCommand>()
            .With("Name", new[] { "a.contoso.test", "b..contoso.test", "c.contoso.test" }).With("Resolver", new[] { server.EndPoint.ToString() }).Invoke();

        Assert.Equal(["a.contoso.test", "c.contoso.test"], result.Output.Cast<DnsRecordTest>().Select(t => t.Name));
        Assert.Single(result.Errors);
    }

    private static (DnsAnswerKind Kind, string Message) Said(IReadOnlyList<DnsRecordTest> lines) => (lines[0].Result, lines[0].Message);

    private static RecordSurvey Survey(IPEndPoint server)
    {
        ZoneFinder finder = new(Clock.System, () => [server], _ => server);
        return new RecordSurvey(finder, new ZoneWitness(Clock.System, finder));
    }

    private Task<IReadOnlyList<DnsRecordTest>> SurveyAsync(IPEndPoint server, string name, DnsRecordType type, params string[] values) =>
        Survey(server).RunAsync(name, type, values, [], _reporter, CancellationToken.None);
}
