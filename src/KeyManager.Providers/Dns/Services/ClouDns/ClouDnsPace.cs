using System;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Dns.Services.ClouDns;

/// <summary>
/// Keeps this machine below the limits of ClouDNS, which count by address and not by account: 20 requests a second, 600 a minute, 36000 an hour. Evenly spread, nine a second
/// stay below all three.
/// </summary>
internal sealed class ClouDnsPace(Clock clock)
{
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(110);

    private readonly object _gate = new();

    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Waits until the next request may go.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            DateTimeOffset now = clock.UtcNow;
            DateTimeOffset mine = _next > now ? _next : now;
            _next = mine + Apart;
            return mine > now ? clock.DelayAsync(mine - now, cancellationToken) : Task.CompletedTask;
        }
    }
}
