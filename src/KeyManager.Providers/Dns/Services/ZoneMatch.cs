using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services;

/// <summary>Which zone holds which name.</summary>
internal static class ZoneMatch
{
    /// <summary>For each name the longest of the zones that it lies in.</summary>
    /// <param name="names">Lower case, A-labels, no final dot.</param>
    /// <param name="zones">The zones of an account, in any letter case, with or without a final dot.</param>
    /// <param name="choose">Decides between zones of one name; <c>null</c> takes the first.</param>
    public static IReadOnlyDictionary<string, HostedZone> Find(
        IEnumerable<string> names, IEnumerable<HostedZone> zones, Func<string, IReadOnlyList<HostedZone>, HostedZone>? choose = null)
    {
        Dictionary<string, List<HostedZone>> byName = zones.Select(z => z with { Name = Canonical(z.Name) }).GroupBy(z => z.Name).ToDictionary(g => g.Key, g => g.ToList());
        Dictionary<string, HostedZone> found = [];
        foreach (string name in names.Distinct())
        {
            if (Suffixes(name).FirstOrDefault(byName.ContainsKey) is string suffix)
            {
                List<HostedZone> candidates = byName[suffix];
                found[name] = candidates.Count == 1 || choose is null ? candidates[0] : choose(suffix, candidates);
            }
        }

        return found;
    }

    /// <summary>The name, then what is left of it label by label: the names that its zone can have, longest first. The top-level domain alone is not among them.</summary>
    public static IEnumerable<string> Suffixes(string name)
    {
        for (string rest = name; rest.IndexOf('.') > 0; rest = rest.Substring(rest.IndexOf('.') + 1))
        {
            yield return rest;
        }
    }

    /// <summary>The name as it stands in front of its zone's; "" for the zone's own name.</summary>
    public static string Relative(string name, string zone) => name.Length == zone.Length ? "" : name.Substring(0, name.Length - zone.Length - 1);

    /// <summary>Lower case without a final dot.</summary>
    public static string Canonical(string name) => name.Trim().TrimEnd('.').ToLowerInvariant();
}
