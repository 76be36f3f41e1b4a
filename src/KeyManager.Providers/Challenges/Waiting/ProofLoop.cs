using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Challenges.Waiting;

/// <summary>
/// One wait: looks at proofs again and again until each is everywhere where it has to be, after 1/4 s and 1/2 s at first, then every second. What a server has shown once for a name
/// is not asked again. A server that is slow to answer holds up nobody but itself.
/// </summary>
/// <param name="witness">Asks the servers of zones; <c>null</c> to ask resolvers only.</param>
/// <param name="look">Looks at files, and asks resolvers.</param>
/// <param name="memory">What zones took before; <c>null</c> for none.</param>
/// <param name="clock">The time.</param>
/// <param name="sights">What has to be seen.</param>
internal sealed class ProofLoop(IZoneWitness? witness, ProofLook look, PropagationMemory? memory, Clock clock, IReadOnlyList<ProofSight> sights)
{
    /// <summary>Questions on the way at once, to all servers together.</summary>
    private const int AtOnce = 64;

    /// <summary>An alias, or a zone that nobody knew, is looked for again after this time.</summary>
    private static readonly TimeSpan FindPause = TimeSpan.FromSeconds(5);

    /// <summary>Files are fetched ever more slowly, every 15 s in the end: a web server has them at once, or somebody has to do something first.</summary>
    private static readonly TimeSpan LongestFilePause = TimeSpan.FromSeconds(15);

    private readonly DateTimeOffset _start = clock.UtcNow;
    private readonly Dictionary<DnsName, ZoneWatch> _zones = [];
    private readonly Dictionary<ProofSight, DateTimeOffset> _findAgainAt = [];
    private readonly Dictionary<ProofSight, DateTimeOffset> _servedAt = [];
    private readonly Dictionary<(ProofSight Sight, string Other), (int Number, DateTimeOffset At)> _others = [];
    private readonly Dictionary<object, Task> _busy = [];
    private readonly List<Task> _running = [];

    // Looks that are left behind still give it back, so it is not disposed.
    private readonly SemaphoreSlim _gate = new(AtOnce);

    /// <summary>Longest time between two looks at a record.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Waits.</summary>
    /// <param name="progress">Told before every pause.</param>
    /// <param name="keep">Called after every pause.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What was not seen in time, empty when all is well. It ends at the first time limit that passes.</returns>
    public async Task<IReadOnlyList<ProofSight>> RunAsync(Action progress, Action keep, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            for (int number = 0; ; number++)
            {
                DateTimeOffset next = NextLook(number);
                Task? pause = await LookAsync(number, next, ending.Token).ConfigureAwait(false);
                DateTimeOffset now = clock.UtcNow;
                foreach (ProofSight sight in sights.Where(s => s.IsServed && !_servedAt.ContainsKey(s)))
                {
                    _servedAt.Add(sight, now);
                }

                List<ProofSight> left = [.. sights.Where(s => !s.IsSeen)];
                if (left.Count == 0)
                {
                    Learn();
                    return [];
                }

                if (left.Any(s => now >= _start + s.Options.Maximum))
                {
                    return left;
                }

                progress();
                await (pause ?? clock.DelayAsync(next - now, ending.Token)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                keep();
            }
        }
        finally
        {
            ending.Cancel();
        }
    }

    /// <summary>When the next look begins: soon at first, and in time for a floor and for the end.</summary>
    private DateTimeOffset NextLook(int number)
    {
        DateTimeOffset now = clock.UtcNow;
        TimeSpan usual = number == 0 ? TimeSpan.FromMilliseconds(250) : number == 1 ? TimeSpan.FromMilliseconds(500) : LongestPause;
        return sights.Where(s => !s.IsSeen).SelectMany(s => new[] { _start + s.Options.Minimum, _start + s.Options.Maximum }).Where(t => t > now).Append(now + usual).Min();
    }

    /// <summary>One look, no longer than until the next one; answers the pause until then, if it was begun.</summary>
    private async Task<Task?> LookAsync(int number, DateTimeOffset next, CancellationToken cancellationToken)
    {
        Task? pause = null;
        while (true)
        {
            Start(number, cancellationToken);

            // One answer may lead to the next question: where a name lies, then its servers, then the other resolvers.
            if (_running.RemoveAll(IsOver) > 0)
            {
                continue;
            }

            if (_running.Count == 0 || sights.All(s => s.IsSeen))
            {
                return pause;
            }

            TimeSpan left = next - clock.UtcNow;
            pause ??= clock.DelayAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
            if (await Task.WhenAny(_running.Append(pause)).ConfigureAwait(false) == pause)
            {
                return pause;
            }
        }
    }

    private void Start(int number, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.UtcNow;
        List<ProofSight> due = [.. sights.Where(s => !s.IsSeen && now >= _start + s.Options.Minimum)];
        foreach (ProofSight sight in due)
        {
            StartOne(sight, number, now, cancellationToken);
        }

        foreach (IGrouping<DnsName, ProofSight> zone in due.Where(s => s is { IsServed: false, Zone: not null }).GroupBy(s => s.Zone!.Name).ToList())
        {
            if (!_zones.TryGetValue(zone.Key, out ZoneWatch? watch))
            {
                _zones.Add(zone.Key, watch = new ZoneWatch(zone.Key, witness!, _start, memory?.Recall(zone.Key) ?? TimeSpan.Zero)); // a zone is found by the witness only
            }

            _running.AddRange(watch.Start(number, [.. zone], now, _gate, cancellationToken));
        }
    }

    private void StartOne(ProofSight sight, int number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (sight.IsFile)
        {
            StartOther(sight, sight.Stead, null, number, now, cancellationToken);
        }
        else if (SolverContext.IsNoResolver(sight.Options.Resolver))
        {
            sight.TakeForSeen();
        }
        else if (sight.IsServed)
        {
            foreach (string resolver in sight.Options.AlsoVisibleAt)
            {
                StartOther(sight, resolver, resolver, number, now, cancellationToken);
            }
        }
        else if (witness is null || sight.Options.Resolver is not null)
        {
            StartOther(sight, sight.Stead, sight.Options.Resolver, number, now, cancellationToken);
        }
        else
        {
            bool isFresh = _findAgainAt.TryGetValue(sight, out DateTimeOffset again);
            if (!isFresh || (now >= again && sight.MayHaveMoved))
            {
                _findAgainAt[sight] = now + FindPause;
                StartUnlessBusy(sight, async () => sight.Place(await witness.FindAsync(sight.Name, sight.RecordType, isFresh, cancellationToken).ConfigureAwait(false)), cancellationToken);
            }

            if (sight.NeedsResolver)
            {
                StartOther(sight, sight.Stead, null, number, now, cancellationToken);
            }
        }
    }

    /// <summary>Asks a resolver or the web server, once in a look.</summary>
    private void StartOther(ProofSight sight, string other, string? address, int number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (sight.WasShownBy(other))
        {
            return;
        }

        if (_others.TryGetValue((sight, other), out (int Number, DateTimeOffset At) last))
        {
            TimeSpan pause = TimeSpan.FromTicks(Math.Min((last.At - _start).Ticks / 3, LongestFilePause.Ticks));
            if (last.Number == number || (sight.IsFile && now < last.At + pause))
            {
                return;
            }
        }

        if (StartUnlessBusy((sight, other), () => look.AskAsync(sight, other, address, cancellationToken), cancellationToken))
        {
            _others[(sight, other)] = (number, now);
        }
    }

    private bool StartUnlessBusy(object what, Func<Task> work, CancellationToken cancellationToken)
    {
        if (_busy.TryGetValue(what, out Task? before) && !before.IsCompleted)
        {
            return false;
        }

        _busy[what] = RunAsync();
        _running.Add(_busy[what]);
        return true;

        async Task RunAsync()
        {
            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await work().ConfigureAwait(false);
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    /// <summary>What is a defect, or was cancelled, comes out here.</summary>
    private static bool IsOver(Task task)
    {
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
        }

        return task.IsCompleted;
    }

    private void Learn()
    {
        foreach (IGrouping<DnsName, ProofSight> zone in sights.Where(s => s.Zone is not null && !s.NeedsResolver).GroupBy(s => s.Zone!.Name))
        {
            memory?.Learn(zone.Key, zone.Max(s => _servedAt[s]) - _start);
        }
    }
}
