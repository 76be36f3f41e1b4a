using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Dns.Services.AcmeDns;

/// <summary>
/// The two values that a registration shows, as far as this process wrote them. The server cannot be asked, and each value that is written pushes the oldest out, also when it is there
/// already. So what is still needed is kept in mind here, and one writer at a time goes to the server.
/// </summary>
internal sealed class PublishedPair(Clock clock)
{
    /// <summary>How many values a registration shows.</summary>
    public const int Most = 2;

    /// <summary>The server tells which value is the oldest by whole seconds. Two writers within one could push out each other's value.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>After so long nobody waits for a value any more that was never taken away.</summary>
    private static readonly TimeSpan LongestNeed = TimeSpan.FromHours(1);

    /// <summary>How often both are written where answers get lost again and again.</summary>
    private const int MostRounds = 3;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly List<(string Value, DateTimeOffset Since)> _needed = [];
    private DateTimeOffset? _lastWrite;

    /// <summary>Has values written, with those beside them that are needed still.</summary>
    /// <param name="values">The values, each once.</param>
    /// <param name="write">Writes one; answers whether it was sent once only.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False when that would be more than <see cref="Most"/>; then nothing was written.</returns>
    public async Task<bool> AddAsync(IReadOnlyList<string> values, Func<string, Task<bool>> write, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _needed.RemoveAll(n => clock.UtcNow - n.Since > LongestNeed);
            List<string> all = [.. _needed.Select(n => n.Value).Union(values)];
            if (all.Count > Most)
            {
                return false;
            }

            // A value that is there and written again may push out the other one: then both are written, in turn. So it is with one that was sent again because its answer got lost.
            IReadOnlyList<string> round = _needed.Any(n => values.Contains(n.Value)) ? all : values;
            _needed.AddRange(values.Where(v => !_needed.Any(n => n.Value == v)).Select(v => (v, clock.UtcNow)).ToArray());
            for (int i = 0; i < MostRounds && !await WriteAsync(round, write, cancellationToken).ConfigureAwait(false) && all.Count > 1; i++)
            {
                round = all;
            }

            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>These are needed no longer.</summary>
    public async Task RemoveAsync(IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _needed.RemoveAll(n => values.Contains(n.Value));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes values one after the other, not within a second of the write before. Answers whether each was sent once only.</summary>
    private async Task<bool> WriteAsync(IReadOnlyList<string> values, Func<string, Task<bool>> write, CancellationToken cancellationToken)
    {
        TimeSpan early = _lastWrite is DateTimeOffset last ? last + Tick - clock.UtcNow : TimeSpan.Zero;
        if (early > TimeSpan.Zero)
        {
            await clock.DelayAsync(early, cancellationToken).ConfigureAwait(false);
        }

        bool isSure = true;
        foreach (string value in values)
        {
            try
            {
                isSure &= await write(value).ConfigureAwait(false);
            }
            finally
            {
                _lastWrite = clock.UtcNow;
            }
        }

        return isSure;
    }
}
