using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns;

/// <summary>
/// Asks the servers of zones. What they say has no cache in between, so an authority, which may meet any of them, sees the same.
/// </summary>
internal sealed class ZoneWitness(Clock clock, ZoneFinder finder) : IZoneWitness
{
    private readonly DnsClient _dns = new(clock);

    /// <summary>How long one server may take: three tries over UDP and the beginning of one over TCP.</summary>
    public static TimeSpan AskTimeLimit { get; } = TimeSpan.FromSeconds(8);

    public Task<DnsZone?> FindAsync(DnsName name, DnsRecordType type, bool isFresh, CancellationToken cancellationToken) =>
        finder.FindAsync(name, followsAliases: type != DnsRecordType.CName, isFresh, cancellationToken);

    public async Task<ServerAnswer> AskAsync(DnsZone zone, NameServer server, DnsRecordType type, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        DnsMessage? answer = await TryAskAsync(server.EndPoint, DnsMessage.Query(zone.RecordName, WireType(type), recursionDesired: false), cancellationToken).ConfigureAwait(false);
        if (answer is null)
        {
            return new ServerAnswer(server, DnsAnswerKind.Silent, [], "gave no answer");
        }

        string code = answer.ResponseCode.ToString().ToUpperInvariant();
        if (answer.ResponseCode is DnsResponseCode.Refused or DnsResponseCode.NotAuth)
        {
            return new ServerAnswer(server, DnsAnswerKind.Lame, [], $"answered {code}: it does not serve the zone {zone.Name}");
        }

        if (answer.ResponseCode is not (DnsResponseCode.NoError or DnsResponseCode.NXDomain))
        {
            return new ServerAnswer(server, DnsAnswerKind.Failed, [], $"answered {code}");
        }

        return answer.IsAuthoritative
            ? Read(server, answer, zone.RecordName, type, wanted)
            : new ServerAnswer(server, DnsAnswerKind.Lame, [], $"does not serve the zone {zone.Name}", answer.RecursionAvailable);
    }

    /// <summary>Asks a resolver, which follows aliases itself; always answers.</summary>
    public async Task<ServerAnswer> AskResolverAsync(IPEndPoint resolver, DnsName name, DnsRecordType type, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        NameServer server = new(DnsName.Root, resolver.Address, resolver);
        try
        {
            IReadOnlyList<DnsRecord> records = await TimeLimit.RunAsync(
                clock, AskTimeLimit, token => _dns.ResolveAsync([resolver], name, WireType(type), token), cancellationToken).ConfigureAwait(false);
            return ServerAnswer.Of(server, Values(records, type), wanted, Word(type), clock.UtcNow);
        }
        catch (DnsException error) when (error.ResponseCode is DnsResponseCode code)
        {
            return new ServerAnswer(server, DnsAnswerKind.Failed, [], "answered " + code.ToString().ToUpperInvariant());
        }
        catch (Exception error) when (error is DnsException or TimeoutException)
        {
            return new ServerAnswer(server, DnsAnswerKind.Silent, [], "gave no answer");
        }
    }

    /// <summary>The serial number of the zone at a server; <c>null</c> when it does not say.</summary>
    public async Task<long?> SerialAsync(DnsName zone, NameServer server, CancellationToken cancellationToken)
    {
        DnsMessage? answer = await TryAskAsync(server.EndPoint, DnsMessage.Query(zone, DnsType.Soa, recursionDesired: false), cancellationToken).ConfigureAwait(false);
        try
        {
            return answer?.Answers.FirstOrDefault(r => r.Type == DnsType.Soa && r.Name.Equals(zone))?.ReadSerial();
        }
        catch (DnsException)
        {
            return null;
        }
    }

    /// <summary>One answer, whatever it says; <c>null</c> when there is none in time.</summary>
    public async Task<DnsMessage?> TryAskAsync(IPEndPoint server, DnsMessage query, CancellationToken cancellationToken)
    {
        try
        {
            return await TimeLimit.RunAsync(clock, AskTimeLimit, token => _dns.AskAsync(server, query, token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DnsException or TimeoutException)
        {
            return null;
        }
    }

    private ServerAnswer Read(NameServer server, DnsMessage answer, DnsName name, DnsRecordType type, IReadOnlyList<string> wanted)
    {
        try
        {
            DnsRecord? alias = type == DnsRecordType.CName ? null : answer.Answers.FirstOrDefault(r => r.Type == DnsType.CName && r.Name.Equals(name));
            return alias is null
                ? ServerAnswer.Of(server, Values(answer.Answers.Where(r => r.Type == WireType(type) && r.Class == DnsClass.Internet && r.Name.Equals(name)), type), wanted, Word(type), clock.UtcNow)
                : new ServerAnswer(server, DnsAnswerKind.Alias, [], $"has an alias (CNAME) to {alias.ReadTarget()} there");
        }
        catch (DnsException error)
        {
            return new ServerAnswer(server, DnsAnswerKind.Failed, [], "has a record that cannot be read: " + error.Message);
        }
    }

    public static List<string> Values(IEnumerable<DnsRecord> records, DnsRecordType type) =>
        [.. records.Select(r => type == DnsRecordType.Txt ? r.ReadText() : r.ReadTarget().Canonical.ToString())];

    public static DnsType WireType(DnsRecordType type) => type == DnsRecordType.Txt ? DnsType.Txt : DnsType.CName;

    public static string Word(DnsRecordType type) => type == DnsRecordType.Txt ? "TXT" : "CNAME";
}
