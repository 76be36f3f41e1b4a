using System;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Networking;

/// <summary>
/// Ends work that takes too long. The sockets of .NET Framework do not listen to a token once they wait, so the work is left behind as well as cancelled;
/// it must give its socket up when its token is cancelled.
/// </summary>
internal static class TimeLimit
{
    /// <exception cref="TimeoutException">It took longer than <paramref name="limit"/>.</exception>
    public static async Task<T> RunAsync<T>(Clock clock, TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task waiting = clock.DelayAsync(limit, ending.Token);
        Task<T> working = work(ending.Token);
        Task first = await Task.WhenAny(working, waiting).ConfigureAwait(false);
        ending.Cancel();
        if (first == working)
        {
            Forget(waiting);
            return await working.ConfigureAwait(false);
        }

        Forget(working);
        cancellationToken.ThrowIfCancellationRequested();
        throw new TimeoutException($"No answer within {limit.TotalSeconds:0.###} seconds.");
    }

    // Looks at the exception, so that it does not come back as an unobserved one.
    private static void Forget(Task task) =>
        task.ContinueWith(t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
