using System.Collections.Generic;
using System.Linq;
using KeyManager.Challenges;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services;

/// <summary>What accounts have in common that are scripts: they hold the zone that they are told, else every name, and need a PowerShell.</summary>
internal static class ScriptedAccount
{
    /// <summary>Name of the setting that keeps such an account to one zone.</summary>
    public const string Zone = nameof(Zone);

    /// <summary>The zone of each name.</summary>
    public static IReadOnlyDictionary<string, HostedZone> FindZones(DnsContext context, IReadOnlyList<string> names)
    {
        string zone = ZoneMatch.Canonical(context.Setting(Zone) ?? "");
        return zone.Length > 0 ? ZoneMatch.Find(names, [new HostedZone(zone, zone)]) : names.Distinct().ToDictionary(n => n, _ => new HostedZone("", ""));
    }

    /// <summary>What runs it.</summary>
    /// <exception cref="ChallengeException">KmScriptFailed: there is no PowerShell.</exception>
    public static IScriptRunner RunnerOf(DnsContext context) =>
        context.Scripts ?? throw new ChallengeException(ErrorIds.ScriptFailed, $"The DNS account {context.Account} is a script, and there is no PowerShell to run it.")
        {
            Target = context.Account.Name,
            Remedy = "Use it from a PowerShell session.",
        };
}
