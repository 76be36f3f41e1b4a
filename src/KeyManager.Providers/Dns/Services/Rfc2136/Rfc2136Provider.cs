using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>Any name server that takes updates by RFC 2136, signed with TSIG (RFC 8945): BIND, Knot DNS, PowerDNS, Windows with secure updates off.</summary>
internal sealed class Rfc2136Provider(Clock clock) : IDnsProvider
{
    private const int AtOnce = 8;

    /// <inheritdoc/>
    public DnsProviderDescription Description { get; } = new()
    {
        Name = "Rfc2136",
        Title = "Name server with dynamic updates (RFC 2136)",
        Settings = Rfc2136Settings.All,
        Required = [Rfc2136Settings.ServerName],
        Credentials =
        [
            new CredentialWay("TSIG key", [Rfc2136Settings.KeyNameName, Rfc2136Settings.KeySecretName]),
            new CredentialWay("Key file of BIND", [Rfc2136Settings.KeyPathName]),
            new CredentialWay("Address of this machine", [Rfc2136Settings.WithoutKeyName]),
        ],
        LeastRights = "A TSIG key that may change TXT records at the names of proofs and nothing else. BIND: update-policy { grant <key> name _acme-challenge.contoso.com. TXT; }; "
            + "Knot DNS: an acl with action update, update-type TXT and update-owner-name; PowerDNS: a policy script, since TSIG-ALLOW-DNSUPDATE allows everything.",
        Notes = "Several zones with keys of their own: one account for each server, and Set-KmDomainMapping -KeyName -KeySecret for each domain.",
        PropagationSeconds = 120,
    };

    /// <inheritdoc/>
    public void Check(DnsContext context)
    {
        Rfc2136Settings settings = new(context);
        Rfc2136Server server = settings.Server;
        _ = new DynamicUpdate(server, clock);
        if (server.Key is { IsWeak: true } key)
        {
            context.Reporter.Warn($"The TSIG key {key} of the DNS account {context.Account} has a weak algorithm; make one with hmac-sha256 where the server can.");
        }

        server.Key?.Clear();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, HostedZone>> FindZonesAsync(DnsContext context, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        Rfc2136Settings settings = new(context);
        if (settings.ZoneIsDomain)
        {
            return names.ToDictionary(n => n, n => Zone(string.Join(".", n.Split('.').SkipWhile(label => label.StartsWith("_", System.StringComparison.Ordinal)))));
        }

        if (settings.Zone is string zone)
        {
            return ZoneMatch.Find(names, [Zone(ZoneMatch.Canonical(zone))]);
        }

        DynamicUpdate update = new(settings.Server, clock);
        IReadOnlyList<(string Name, string? Zone)> found = await KeyManager.Hosting.Concurrent.SelectAsync(
            names, AtOnce, async name => (name, await TryFindAsync(update, name, context, cancellationToken).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        return found.Where(f => f.Zone is not null).ToDictionary(f => f.Name, f => Zone(f.Zone!));
    }

    /// <inheritdoc/>
    public Task ApplyAsync(DnsContext context, HostedZone zone, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        Rfc2136Settings settings = new(context);
        return new DynamicUpdate(settings.Server, clock).ApplyAsync(
            zone.Name,
            [.. changes.Select(c => new DnsChange(!c.IsRemoval, c.Name, c.Type == DnsRecordType.Txt ? DnsType.Txt : DnsType.CName, c.Value, settings.Ttl))],
            cancellationToken);
    }

    private static async Task<string?> TryFindAsync(DynamicUpdate update, string name, DnsContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await update.FindZoneAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException error)
        {
            context.Reporter.Verbose(error.Message);
            return null;
        }
    }

    private static HostedZone Zone(string name) => new(name, name);
}
