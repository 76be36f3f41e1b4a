using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>The public zones of an account: those that it names, and those that Azure lists for its subscriptions.</summary>
internal sealed class AzureZones(AzureClient client, Clock clock)
{
    private const int PageSize = 100;

    // A subscription holds 250 zones.
    private const int MostPages = 100;

    private static readonly TimeSpan KeepTime = TimeSpan.FromMinutes(1);

    private readonly AccountCache<IReadOnlyList<AzureZone>> _listed = new(clock);

    /// <summary>Every zone; a zone that the account names stands in the place of all listed ones of that name.</summary>
    /// <exception cref="CredentialException">KmDnsRightMissing: nothing may be listed, and nothing is named.</exception>
    public async Task<IReadOnlyList<AzureZone>> FindAsync(AzureSettings settings, CancellationToken cancellationToken)
    {
        List<AzureZone> named = [.. settings.Zones.Distinct().Select(z => new AzureZone(z, []))];
        if (settings.Subscriptions.Count == 0)
        {
            return named;
        }

        IReadOnlyList<AzureZone> listed = await _listed.GetAsync(
            settings.Context,
            ListKey(settings),
            async () => (await ListAsync(settings, named.Count > 0, cancellationToken).ConfigureAwait(false), KeepTime),
            cancellationToken).ConfigureAwait(false);
        HashSet<string> names = [.. named.Select(z => z.Id.Name)];
        return [.. named, .. listed.Where(z => !names.Contains(z.Id.Name))];
    }

    /// <summary>Lists anew the next time: a zone is gone.</summary>
    public void Forget(AzureSettings settings) => _listed.Forget(settings.Context, ListKey(settings));

    private static string ListKey(AzureSettings settings) =>
        string.Join("|", settings.Subscriptions.Concat([settings.Context.Setting(AzureSettings.ResourceGroup) ?? "", settings.ManagementUrl.AbsoluteUri, settings.Identity]));

    private async Task<IReadOnlyList<AzureZone>> ListAsync(AzureSettings settings, bool hasNamed, CancellationToken cancellationToken)
    {
        List<AzureZone> zones = [];
        List<KeyManagerException> closed = [];
        foreach (string subscription in settings.Subscriptions)
        {
            try
            {
                await ListAsync(settings, subscription, zones, cancellationToken).ConfigureAwait(false);
            }
            catch (CredentialException error) when (error.ErrorId == ErrorIds.DnsRightMissing)
            {
                closed.Add(error);
            }
        }

        if (zones.Count == 0 && !hasNamed)
        {
            // Azure shows an identity what it has a right on: no zone and no right look alike.
            throw closed.FirstOrDefault() ?? ServiceErrors.RightMissing(
                settings.Context,
                "see any public zone",
                $"the subscription {string.Join(", ", settings.Subscriptions)} lists none",
                $"Give its identity the role DNS Zone Contributor at the zone or its resource group, which takes up to ten minutes to work; or name the zone with -{AzureSettings.ZoneId}.");
        }

        closed.ForEach(e => settings.Context.Reporter.Warn(e.Message));
        return zones;
    }

    private async Task ListAsync(AzureSettings settings, string subscription, List<AzureZone> zones, CancellationToken cancellationToken)
    {
        string group = settings.Context.Setting(AzureSettings.ResourceGroup) is string name ? $"/resourceGroups/{Uri.EscapeDataString(name)}" : "";
        Uri? page = new(
            settings.ManagementUrl,
            $"subscriptions/{Uri.EscapeDataString(subscription)}{group}/providers/Microsoft.Network/dnsZones?$top={PageSize}&api-version={AzureClient.DnsVersion}");
        for (int pages = 0; page is not null; pages++)
        {
            HttpAnswer answer = await client.SendAsync(settings, subscription, HttpMethod.Get, page, null, null, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccess)
            {
                throw AzureErrors.Listing(settings, subscription, answer);
            }

            page = client.Read(settings, answer, json =>
            {
                zones.AddRange(((JArray)json["value"]!).Select(Read).OfType<AzureZone>());
                return (string?)json["nextLink"] is { Length: > 0 } link ? Next(settings, answer, link) : null;
            });
            if (pages == MostPages)
            {
                throw ServiceErrors.Unreadable(settings.Context, answer.Url, answer.Status, "the list of zones has no end");
            }
        }
    }

    /// <summary>A zone of the list; <c>null</c> for a private one, which nobody outside sees.</summary>
    private static AzureZone? Read(JToken zone)
    {
        JToken? properties = zone["properties"];
        string kind = (string?)properties?["zoneType"] ?? "Public";
        string id = (string?)zone["id"] ?? throw new FormatException("A zone has no id.");
        return !kind.Equals("Public", StringComparison.OrdinalIgnoreCase) ? null : new AzureZone(
            AzureZoneId.TryParse(id, out _) ?? throw new FormatException($"'{id}' is no id of a zone."),
            properties?["nameServers"] is JArray servers ? [.. servers.Select(s => ZoneMatch.Canonical((string?)s ?? ""))] : []);
    }

    /// <summary>The next page, which gets the token too: only where the first was.</summary>
    private static Uri Next(AzureSettings settings, HttpAnswer answer, string link) =>
        Uri.TryCreate(link, UriKind.Absolute, out Uri? next) && next.GetLeftPart(UriPartial.Authority) == settings.ManagementUrl.GetLeftPart(UriPartial.Authority)
            ? next
            : throw ServiceErrors.Unreadable(settings.Context, answer.Url, answer.Status, $"the next page of the zones is somewhere else, at '{link.Split('?')[0]}'");
}
