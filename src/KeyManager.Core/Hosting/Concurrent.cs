using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Hosting;

/// <summary>Does the same work for several things side by side, with a limit on how many at once.</summary>
public static class Concurrent
{
    /// <summary>Answers the results in the order of <paramref name="items"/>.</summary>
    /// <param name="items">The things.</param>
    /// <param name="atOnce">How many at the same time, 1 or more.</param>
    /// <param name="work">What is done for each. When one fails, the others come to their end before the first error goes to the caller.</param>
    /// <param name="cancellationToken">Stops what has not begun; the work gets its token from the caller.</param>
    public static async Task<IReadOnlyList<TResult>> SelectAsync<TItem, TResult>(
        IEnumerable<TItem> items, int atOnce, Func<TItem, Task<TResult>> work, CancellationToken cancellationToken)
    {
        Guard.NotNull(items);
        Guard.NotNull(work);
        using SemaphoreSlim gate = new(atOnce);
        return await Task.WhenAll(items.Select(async item =>
        {
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await work(item).ConfigureAwait(false);
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
    }

    /// <summary>Takes things one by one as there is room for them, so that there may be any number; answers when all were worked on.</summary>
    /// <param name="items">The things; asked for from one thread at a time.</param>
    /// <param name="atOnce">How many at the same time, 1 or more.</param>
    /// <param name="work">What is done for each. After one has failed, no other is begun.</param>
    /// <param name="cancellationToken">Stops it between two things.</param>
    public static async Task DrainAsync<TItem>(IEnumerable<TItem> items, int atOnce, Func<TItem, Task> work, CancellationToken cancellationToken)
    {
        using IEnumerator<TItem> source = Guard.NotNull(items).GetEnumerator();
        Guard.NotNull(work);
        using CancellationTokenSource failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bool TryTake(out TItem? item)
        {
            lock (source)
            {
                bool isThere = source.MoveNext();
                item = isThere ? source.Current : default;
                return isThere;
            }
        }

        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(
            async () =>
            {
                while (!failed.IsCancellationRequested && TryTake(out TItem? item))
                {
                    try
                    {
                        await work(item!).ConfigureAwait(false); // taken just now
                    }
                    catch
                    {
                        failed.Cancel();
                        throw;
                    }
                }
            },
            CancellationToken.None))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc cref="SelectAsync"/>
    /// <summary>The same for work without a result.</summary>
    public static Task ForEachAsync<TItem>(IEnumerable<TItem> items, int atOnce, Func<TItem, Task> work, CancellationToken cancellationToken)
    {
        Guard.NotNull(work);
        return SelectAsync(
            items,
            atOnce,
            async item =>
            {
                await work(item).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
    }
}
