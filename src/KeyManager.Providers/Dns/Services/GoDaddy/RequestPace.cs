using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>Keeps one account to the 60 requests a minute that GoDaddy allows, whatever is asked. May be used from several threads.</summary>
internal sealed class RequestPace(Clock clock)
{
    /// <summary>Requests within <see cref="Window"/>.</summary>
    public const int Most = 60;

    private readonly object _lock = new();
    private readonly Queue<DateTimeOffset> _sent = new();
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Waits for the turn and takes it.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan wait = Take();
            if (wait <= TimeSpan.Zero)
            {
                return;
            }

            await clock.DelayAsync(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Counts a request that did not wait, such as one that is tried again.</summary>
    public void Count()
    {
        lock (_lock)
        {
            _sent.Enqueue(clock.UtcNow);
        }
    }

    /// <summary>Believes the service when it says that nothing is left for now: another process may use the same credentials.</summary>
    public void Heed(HttpAnswer answer)
    {
        if (answer.First("RateLimit-Remaining")?.Trim() == "0" && Reset(answer) is TimeSpan reset)
        {
            lock (_lock)
            {
                // Another window than this is not documented, and a wrong number must not stop everything for long.
                _notBefore = clock.UtcNow + (reset < Window ? reset : Window);
            }
        }
    }

    /// <summary>How long until the service counts anew; <c>null</c> when it does not say.</summary>
    public static TimeSpan? Reset(HttpAnswer answer) =>
        int.TryParse(answer.First("RateLimit-Reset")?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds) : null;

    private TimeSpan Take()
    {
        lock (_lock)
        {
            DateTimeOffset now = clock.UtcNow;
            while (_sent.Count > 0 && now - _sent.Peek() >= Window)
            {
                _sent.Dequeue();
            }

            if (_notBefore > now)
            {
                return _notBefore - now;
            }

            if (_sent.Count >= Most)
            {
                return Window - (now - _sent.Peek());
            }

            _sent.Enqueue(now);
            return TimeSpan.Zero;
        }
    }
}
