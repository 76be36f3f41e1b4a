using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Challenges.Waiting;

/// <summary>The servers of one zone, and when which of them is looked at.</summary>
/// <remarks>
/// Until shortly before the time that the zone took last time only one of its servers is asked. When that one has the record the others are asked at once: so nothing is noticed
/// later for it, and a slow zone is not asked by the dozen for minutes.
/// </remarks>
internal sealed class ZoneWatch(DnsName zone, IZoneWitness witness, DateTimeOffset start, TimeSpan tookLastTime)
{
    /// <summary>A server that says nothing is asked again after this time only.</summary>
    private static readonly TimeSpan SilencePause = TimeSpan.FromSeconds(15);

    private readonly Dictionary<NameServer, ServerLine> _lines = [];
    private readonly Dictionary<NameServer, DateTimeOffset> _quietUntil = [];
    private DateTimeOffset _everyServerFrom = start + TimeSpan.FromTicks(tookLastTime.Ticks * 9 / 10);

    public DnsName Name { get; } = zone;

    /// <summary>Starts what is to be asked in this look and is not asked already.</summary>
    public IEnumerable<Task> Start(int look, IReadOnlyList<ProofSight> names, DateTimeOffset now, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        List<NameServer> servers = [.. names.SelectMany(s => s.Zone!.Servers).Distinct()];
        if (now < _everyServerFrom && _lines.Values.Any(l => l.LastAnswer is { Kind: not (DnsAnswerKind.Missing or DnsAnswerKind.Stale) } || (l.IsBusy && l.LastLook < look)))
        {
            _everyServerFrom = now; // it has arrived there, or that server is not the one to go by
        }

        foreach (NameServer server in now < _everyServerFrom ? servers.Take(1) : servers)
        {
            if (!_lines.TryGetValue(server, out ServerLine? line))
            {
                _lines.Add(server, line = new ServerLine(witness, server));
            }

            if (line.IsBusy || line.LastLook == look || (_quietUntil.TryGetValue(server, out DateTimeOffset until) && now < until))
            {
                continue;
            }

            if (line.LastAnswer?.Kind == DnsAnswerKind.Silent)
            {
                _quietUntil[server] = now + SilencePause;
            }

            yield return line.LookAsync(look, names, gate, cancellationToken);
        }
    }
}
