using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.DnsMadeEasy;

/// <summary>
/// Keeps an account below the limit, 150 requests in any five minutes unless the service says another number: each answer tells how many are left, and when few are, each
/// further request waits as long as it takes until as many come back.
/// </summary>
internal sealed class DnsMadeEasyPace(Clock clock)
{
    /// <summary>When no more than so many are left.</summary>
    private const long Few = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>After that the requests that used the allowance up do not count any more.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (long Left, DateTimeOffset At)> _left = new();

    /// <summary>How many are left, as an answer says; <c>null</c> when it does not say.</summary>
    public static long? Left(HttpAnswer answer) =>
        long.TryParse(answer.First("x-dnsme-requestsRemaining"), NumberStyles.None, CultureInfo.InvariantCulture, out long left) ? left : null;

    /// <summary>Waits before a request when few are left.</summary>
    public Task WaitAsync(DnsContext context, CancellationToken cancellationToken)
    {
        if (!_left.TryGetValue(context.Account.Id, out (long Left, DateTimeOffset At) known) || known.Left > Few || clock.UtcNow - known.At > Window)
        {
            return Task.CompletedTask;
        }

        context.Reporter.Verbose($"DNS Made Easy takes {known.Left} more requests in this window of five minutes: waiting {Pause.TotalSeconds:0} s.");
        return clock.DelayAsync(Pause, cancellationToken);
    }

    /// <summary>Notes what an answer says.</summary>
    public void Note(DnsContext context, HttpAnswer answer)
    {
        if (Left(answer) is long left)
        {
            _left[context.Account.Id] = (left, clock.UtcNow);
        }
    }
}
