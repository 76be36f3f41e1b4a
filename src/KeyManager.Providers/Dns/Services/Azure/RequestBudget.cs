using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>
/// Keeps requests inside two documented limits at once: a bucket that refills (Azure Resource Manager), and a number within a span of time (the network services behind it). So the
/// service has nothing to refuse, however many names there are.
/// </summary>
internal sealed class RequestBudget(Clock clock, int bucket, int perSecond, int most, TimeSpan span)
{
    private readonly object _gate = new();
    private readonly Queue<DateTimeOffset> _taken = new();
    private double _left = bucket;
    private DateTimeOffset _filled = clock.UtcNow;

    /// <summary>Reads of a subscription.</summary>
    public static RequestBudget OfReads(Clock clock) => new(clock, 250, 25, 10000, TimeSpan.FromMinutes(5));

    /// <summary>Writes and deletions of a subscription; the documents count them together in the second limit.</summary>
    public static RequestBudget OfWrites(Clock clock) => new(clock, 200, 10, 1000, TimeSpan.FromMinutes(5));

    /// <summary>Waits until one more request is allowed.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = Reserve();
        if (wait > TimeSpan.Zero)
        {
            await clock.DelayAsync(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    private TimeSpan Reserve()
    {
        lock (_gate)
        {
            DateTimeOffset now = clock.UtcNow;
            _left = Math.Min(bucket, _left + ((now - _filled).TotalSeconds * perSecond)) - 1;
            _filled = now;
            DateTimeOffset when = _left < 0 ? now + TimeSpan.FromSeconds(-_left / perSecond) : now;
            if (_taken.Count == most && _taken.Dequeue() + span is DateTimeOffset free && free > when)
            {
                when = free;
            }

            _taken.Enqueue(when);
            return when - now;
        }
    }
}
