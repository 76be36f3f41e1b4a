using System;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Hosting;

/// <summary>
/// Runs what must happen even though the caller is cancelled: taking away a TXT record or a challenge file, giving back a lease.
/// After Ctrl-C a command waits for such work (30 seconds at most), while other work that ignores its token is left behind after
/// less than a second.
/// </summary>
public static class CleanUp
{
    /// <summary>Runs <paramref name="work"/> with a token of its own.</summary>
    /// <param name="work">The clean-up; an exception it throws goes to the caller.</param>
    /// <param name="bound">After this time the token is cancelled. Ten seconds are ample for one API call.</param>
    public static async Task RunAsync(Func<CancellationToken, Task> work, TimeSpan bound)
    {
        Guard.NotNull(work);
        CleanUpTracker? tracker = CleanUpTracker.Current;
        tracker?.Enter();
        try
        {
            using CancellationTokenSource own = new(bound);
            await work(own.Token).ConfigureAwait(false);
        }
        finally
        {
            tracker?.Leave();
        }
    }
}
