using System;

namespace KeyManager.Operations;

/// <summary>
/// How long to wait between two questions to an authority: four tenths of the time that it has taken so far. With the time that a question takes, an answer is
/// then noticed after 1.5 times the authority's own time at the latest, and slow ones are not asked more often than fast ones.
/// </summary>
internal sealed class PollPause(Clock clock, TimeSpan timeout)
{
    /// <summary>Counts only where a question takes no more than twice that, on the same machine or next to it; otherwise four tenths of the time so far are more.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    /// <summary>Such a one that was not ready at once mostly signs just now.</summary>
    private static readonly TimeSpan ShortestFirst = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(5);

    private readonly DateTimeOffset _deadline = clock.UtcNow + timeout;
    private DateTimeOffset _begun = clock.UtcNow;
    private bool _hasPaused;

    /// <summary>To be called when the authority begins with something else.</summary>
    public void Restart()
    {
        _begun = clock.UtcNow;
        _hasPaused = false;
    }

    /// <summary>The next pause, at most until the moment that the authority proposes, 5 s when it proposes none; <c>null</c> when the time is up.</summary>
    public TimeSpan? Next(DateTimeOffset? retryAfter)
    {
        DateTimeOffset now = clock.UtcNow;
        TimeSpan longest = retryAfter is DateTimeOffset proposed && proposed > now ? proposed - now : Usual;
        TimeSpan pause = TimeSpan.FromTicks((now - _begun).Ticks * 2 / 5);
        pause = pause > longest ? longest : pause;
        TimeSpan shortest = _hasPaused ? Shortest : ShortestFirst;
        _hasPaused = true;
        pause = pause < shortest ? shortest : pause;
        return now + pause > _deadline ? null : pause;
    }
}
