using System;

namespace KeyManager.Operations;

/// <summary>How long to wait between two questions to an authority: 50, 100, 200 ms and so on up to 5 s, unless it says itself.</summary>
internal sealed class PollPause(Clock clock, TimeSpan timeout)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly DateTimeOffset _deadline = clock.UtcNow + timeout;
    private TimeSpan _next = TimeSpan.FromMilliseconds(50);

    /// <summary>The next pause; <c>null</c> when the time is up, or would be before the authority wants to be asked again.</summary>
    public TimeSpan? Next(DateTimeOffset? retryAfter)
    {
        DateTimeOffset now = clock.UtcNow;
        TimeSpan pause = _next;
        _next = _next + _next > Longest ? Longest : _next + _next;
        if (retryAfter is DateTimeOffset wanted && wanted - now > pause)
        {
            pause = wanted - now;
        }

        return now + pause > _deadline ? null : pause;
    }
}
