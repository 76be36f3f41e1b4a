using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Hosting;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns;

/// <summary>Asks every server of a zone, or the resolvers that are named, for a record: the table of Test-KmDnsRecord.</summary>
internal sealed class RecordSurvey(ZoneFinder finder, ZoneWitness witness)
{
    private const int AtOnce = 8;

    private static readonly IdnMapping Idn = new();

    /// <summary>Asks.</summary>
    /// <param name="name">Full name of the record; letters outside ASCII are written as A-labels.</param>
    /// <param name="type">Kind of record.</param>
    /// <param name="values">What has to be there; empty takes anything.</param>
    /// <param name="resolvers">Addresses with optional port of the DNS servers to ask; empty for those of the zone.</param>
    /// <param name="reporter">For what is wrong with the servers as a whole.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidRequestException">KmInvalidDomainName, KmInvalidParameter.</exception>
    /// <exception cref="NotFoundException">KmDnsZoneNotFound: no server of the zone could be found.</exception>
    public async Task<IReadOnlyList<DnsRecordTest>> RunAsync(
        string name, DnsRecordType type, IReadOnlyList<string> values, IReadOnlyList<string> resolvers, IReporter reporter, CancellationToken cancellationToken)
    {
        DnsName asked = Parse(name);
        IReadOnlyList<string> wanted = type == DnsRecordType.CName ? [.. values.Select(v => Parse(v).Canonical.ToString())] : values;
        if (resolvers.Count > 0)
        {
            List<IPEndPoint> endPoints = [.. resolvers.Select(r => EndPointText.Parse(r, SystemResolvers.Port))];
            ServerAnswer[] said = await Task.WhenAll(endPoints.Select(r => witness.AskResolverAsync(r, asked, type, wanted, cancellationToken))).ConfigureAwait(false);
            return [.. said.Select((a, i) => Line(asked, asked, type, a, null, null) with { Address = endPoints[i].ToString() })];
        }

        DnsZone zone = await LocateAsync(asked, type, cancellationToken).ConfigureAwait(false);
        foreach (string oddity in zone.Oddities)
        {
            reporter.Warn(oddity);
        }

        using SemaphoreSlim gate = new(AtOnce);
        return await Task.WhenAll(zone.Servers.Select(async server =>
        {
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                ServerAnswer answer = await witness.AskAsync(zone, server, type, wanted, cancellationToken).ConfigureAwait(false);
                bool says = answer.Kind is not (DnsAnswerKind.Silent or DnsAnswerKind.Lame);
                return Line(asked, zone.RecordName, type, answer, zone.Name, says ? await witness.SerialAsync(zone.Name, server, cancellationToken).ConfigureAwait(false) : null);
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
    }

    private async Task<DnsZone> LocateAsync(DnsName name, DnsRecordType type, CancellationToken cancellationToken)
    {
        const string Remedy = "Check the name, and that the DNS server of this machine knows the zone; -Resolver asks another one instead.";
        try
        {
            DnsZone zone = await finder.LocateAsync(name, followsAliases: type != DnsRecordType.CName, cancellationToken).ConfigureAwait(false);
            return zone.Servers.Count > 0
                ? zone
                : throw new NotFoundException(ErrorIds.DnsZoneNotFound, $"No server of the zone {zone.Name}, which holds {zone.RecordName}, has an address that this machine can reach.")
                {
                    Target = name.ToString(),
                    Remedy = Remedy,
                };
        }
        catch (DnsException error)
        {
            throw new NotFoundException(ErrorIds.DnsZoneNotFound, $"The zone of {name} could not be found: {error.Message}", error) { Target = name.ToString(), Remedy = Remedy };
        }
    }

    private static DnsRecordTest Line(DnsName asked, DnsName record, DnsRecordType type, ServerAnswer answer, DnsName? zone, long? serial) => new()
    {
        Name = asked.ToString(),
        RecordName = record.ToString(),
        Type = type,
        Zone = zone?.ToString() ?? "",
        Server = answer.Server.Name.Labels.Count == 0 ? "" : answer.Server.Name.ToString(),
        Address = answer.Server.Address.ToString(),
        Result = answer.Kind,
        Values = answer.Values,
        Serial = serial,
        Message = answer.Message,
    };

    private static DnsName Parse(string name)
    {
        try
        {
            string trimmed = name.Trim();
            DnsName parsed = DnsName.Parse(trimmed.All(c => c < 128) ? trimmed : Idn.GetAscii(trimmed));
            return parsed.Labels.Count > 0 ? parsed : throw new DnsException("It is the root.");
        }
        catch (Exception error) when (error is DnsException or ArgumentException)
        {
            throw new InvalidRequestException(ErrorIds.InvalidDomainName, $"'{name}' is not the name of a record: {error.Message}", error)
            {
                Target = name,
                Remedy = "Give the full name, such as _acme-challenge.www.contoso.com.",
            };
        }
    }
}
