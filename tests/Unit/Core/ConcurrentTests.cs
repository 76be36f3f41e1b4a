using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using Xunit;

namespace KeyManager.Tests.Core;

public sealed class ConcurrentTests
{
    [Fact]
    public async Task Results_come_in_the_order_of_the_items_whoever_ends_first()
    {
        TaskCompletionSource<bool> last = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IReadOnlyList<int> results = await Concurrent.SelectAsync(
            [1, 2, 3],
            3,
            async item =>
            {
                if (item == 3)
                {
                    last.SetResult(true);
                }
                else
                {
                    await last.Task;
                }

                return item * 10;
            },
            CancellationToken.None);

        Assert.Equal([10, 20, 30], results);
    }

    [Fact]
    public async Task No_more_than_so_many_run_at_once()
    {
        int running = 0;
        int most = 0;
        await Concurrent.ForEachAsync(
            Enumerable.Range(0, 40),
            4,
            async _ =>
            {
                int now = Interlocked.Increment(ref running);
                lock (this)
                {
                    most = Math.Max(most, now);
                }

                await Task.Yield();
                Interlocked.Decrement(ref running);
            },
            CancellationToken.None);

        Assert.InRange(most, 1, 4);
    }

    [Fact]
    public async Task One_that_fails_does_not_keep_the_others_from_their_end()
    {
        List<int> done = [];
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => Concurrent.ForEachAsync(
            [1, 2, 3],
            1,
            item =>
            {
                done.Add(item);
                return item == 1 ? Task.FromException(new InvalidOperationException("one")) : Task.CompletedTask;
            },
            CancellationToken.None));

        Assert.Equal("one", error.Message);
        Assert.Equal([1, 2, 3], done);
    }

    [Fact]
    public async Task What_has_not_begun_is_not_begun_after_a_cancellation()
    {
        using CancellationTokenSource source = new();
        List<int> begun = [];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Concurrent.ForEachAsync(
            [1, 2, 3],
            1,
            item =>
            {
                begun.Add(item);
                source.Cancel();
                return Task.CompletedTask;
            },
            source.Token));

        Assert.Equal([1], begun);
    }
}
