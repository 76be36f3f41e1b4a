using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Tests.Dns.Services;

namespace KeyManager.Tests.Dns;

/// <summary>A DNS service in memory. An account holds the zones that its setting Zones names, with commas between them.</summary>
internal sealed class FakeDnsProvider(string name = "Fake", bool knowsItsZones = true) : IDnsProvider
{
    public ServedZones Zones { get; } = new();

    /// <summary>What was asked, in order: "find account" and "apply account zone +2 -1".</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Called before anything is done; may throw.</summary>
    public Action<string, DnsContext>? Before { get; set; }

    /// <summary>Called after changes were made: what it throws is an answer that got lost.</summary>
    public Action? After { get; set; }

    public DnsProviderDescription Description { get; } = new()
    {
        Name = name,
        Title = name + " DNS",
        Settings =
        [
            new SettingDescription { Name = "Zones", Default = "", Description = "The zones it holds." },
            new SettingDescription { Name = "ApiToken", Default = "", IsSecret = true, Description = "A token." },
            new SettingDescription { Name = "ApiKey", Default = "", IsSecret = true, Description = "A key." },
            new SettingDescription { Name = "Email", Default = "", Description = "Whose key it is." },
            new SettingDescription { Name = "Region", Default = "World", Choices = ["World", "Moon"], Description = "Where it is." },
            new SettingDescription { Name = "Ttl", Default = "60", Minimum = 1, Maximum = 300, Description = "Seconds." },
            new SettingDescription { Name = "WithoutToken", Default = "False", IsFlag = true, Description = "Nobody asks for one." },
            new SettingDescription { Name = "KeyFile", Default = "", IsPath = true, Description = "A file." },
            .. DnsSettings.OfAll,
        ],
        Required = ["Zones"],
        Credentials = [new CredentialWay("API token", ["ApiToken"]), new CredentialWay("Global key", ["Email", "ApiKey"]), new CredentialWay("Nobody", ["WithoutToken"])],
        LeastRights = "The right to change TXT records.",
        KnowsItsZones = knowsItsZones,
    };

    public void Check(DnsContext context)
    {
        if (context.Setting("Region") == "Moon" && context.Setting("Ttl") == "1")
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, "On the moon nothing is that short.") { Target = "Ttl", Remedy = "Take 2." };
        }
    }

    public Task<IReadOnlyDictionary<string, HostedZone>> FindZonesAsync(DnsContext context, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        Note($"find {context.Account.Name}", context);
        IEnumerable<string> held = (context.Setting("Zones") ?? "").Split(',').Where(z => z.Length > 0);
        return Task.FromResult(KeyManager.Providers.Dns.Services.ZoneMatch.Find(names, held.Select(z => new HostedZone("id-" + z, z))));
    }

    public Task ApplyAsync(DnsContext context, HostedZone zone, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Note($"apply {context.Account.Name} {zone.Name} +{changes.Count(c => !c.IsRemoval)} -{changes.Count(c => c.IsRemoval)}", context);
        if (!Zones.Names.Contains(zone.Name))
        {
            Zones.AddZone(zone.Name);
        }

        foreach (RecordChange change in changes)
        {
            string type = change.Type == DnsRecordType.Txt ? "TXT" : "CNAME";
            if (change.IsRemoval)
            {
                Zones.Remove(zone.Name, change.Name, type, change.Value);
            }
            else if (!Zones.Values(change.Name, type).Contains(change.Value))
            {
                Zones.Add(zone.Name, change.Name, type, change.Value);
            }
        }

        After?.Invoke();
        return Task.CompletedTask;
    }

    private void Note(string call, DnsContext context)
    {
        lock (Calls)
        {
            Calls.Add(call);
        }

        Before?.Invoke(call, context);
    }
}
