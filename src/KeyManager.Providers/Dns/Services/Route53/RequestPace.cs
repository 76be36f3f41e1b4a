using System;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Keeps the requests of an account below five in a second, which is what all of an AWS account had for many years. May be used from several threads.</summary>
internal sealed class RequestPace(Clock clock)
{
    private const int AtOnce = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly object _gate = new();
    private DateTimeOffset _free = DateTimeOffset.MinValue;

    /// <summary>Completes when the next request may go out.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_gate)
        {
            DateTimeOffset now = clock.UtcNow;
            _free = _free > now ? _free : now;
            wait = _free - now - TimeSpan.FromTicks(Interval.Ticks * (AtOnce - 1));
            _free += Interval;
        }

        return wait > TimeSpan.Zero ? clock.DelayAsync(wait, cancellationToken) : Task.CompletedTask;
    }
}
