using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Discovery;

/// <summary>Services on the network.</summary>
/// <param name="Ranges">Where they may be.</param>
/// <param name="Excluded">Hosts and addresses that are left alone.</param>
/// <param name="Timeout">What one service has, from the connection to the certificate.</param>
/// <param name="AtOnce">How many are looked at side by side.</param>
public sealed record EndpointScope(IReadOnlyList<EndpointRange> Ranges, IReadOnlyList<HostRange> Excluded, TimeSpan Timeout, int AtOnce) : DiscoveryScope
{
    /// <summary>A range that stands for no more places than this gets a line for each, also where nobody answers.</summary>
    public const int MostNamed = 16;

    /// <summary>More pairs of address and port are asked for first.</summary>
    public const int AskAbove = 1024;

    /// <summary>More pairs of address and port are refused: four ports on 65,536 addresses.</summary>
    public const int Most = 262_144;

    /// <inheritdoc/>
    public override long? Count => Ranges.Aggregate(0L, (sum, range) => Math.Min(long.MaxValue / 2, sum) + Math.Min(long.MaxValue / 2, range.Count));

    /// <summary>Every place once, in the order in which it was named, and whether it was named itself.</summary>
    public IEnumerable<(Deployments.Endpoint Endpoint, bool IsNamed)> Enumerate()
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (EndpointRange range in Ranges)
        {
            bool isNamed = range.Count <= MostNamed;
            foreach (Deployments.Endpoint endpoint in range.Enumerate())
            {
                if (!Excluded.Any(e => e.Contains(endpoint.Host)) && seen.Add(EndpointRange.LocationOf(endpoint)))
                {
                    yield return (endpoint, isNamed);
                }
            }
        }
    }
}
