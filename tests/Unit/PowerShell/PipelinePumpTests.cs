using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class PipelinePumpTests
{
    private readonly PipelinePump _pump = new();

    [Fact]
    public void Items_run_on_the_calling_thread_and_the_work_does_not()
    {
        int caller = Environment.CurrentManagedThreadId;
        int item = 0, work = 0;

        _pump.Run(async _ =>
        {
            work = Environment.CurrentManagedThreadId;
            item = await _pump.InvokeAsync(() => Environment.CurrentManagedThreadId);
        });

        Assert.Equal(caller, item);
        Assert.NotEqual(caller, work);
    }

    [Fact]
    public void A_captured_synchronization_context_does_not_matter()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new SilentContext());
        try
        {
            Assert.Null(_pump.Run(async _ =>
            {
                await Task.Delay(5);
                await _pump.InvokeAsync(() => 1);
            }));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    [Fact]
    public void What_was_posted_last_is_done_before_the_run_returns()
    {
        List<int> done = [];

        _pump.Run(_ =>
        {
            for (int i = 0; i < 100; i++)
            {
                int number = i;
                _pump.Post(() => done.Add(number));
            }

            return Task.CompletedTask;
        });

        Assert.Equal(Enumerable.Range(0, 100), done);
    }

    [Fact]
    public void The_exception_of_the_work_is_returned()
    {
        InvalidOperationException thrown = new();

        Assert.Same(thrown, _pump.Run(_ => throw thrown));
        Assert.False(_pump.IsOver);
    }

    [Fact]
    public void An_exception_of_an_item_goes_to_whoever_awaits_it()
    {
        Exception? seen = null;

        _pump.Run(async _ => seen = await Record.ExceptionAsync(() => _pump.InvokeAsync<int>(() => throw new FormatException())));

        Assert.IsType<FormatException>(seen);
        Assert.False(_pump.IsOver);
    }

    [Fact]
    public void An_exception_of_the_host_cancels_the_work_and_is_thrown()
    {
        FormatException thrown = new();
        bool cancelled = false;

        FormatException caught = Assert.Throws<FormatException>(() => _pump.Run(async token =>
        {
            try
            {
                _pump.Post(() => throw thrown);
                await Task.Delay(TimeSpan.FromSeconds(20), token);
            }
            catch (OperationCanceledException)
            {
                cancelled = true;
                throw;
            }
        }));

        Assert.Same(thrown, caught);
        Assert.True(cancelled);
    }

    [Fact]
    public void Work_that_swallows_the_end_cannot_hide_it()
    {
        Assert.Throws<FormatException>(() => _pump.Run(async _ =>
        {
            try
            {
                await _pump.InvokeAsync<int>(() => throw new FormatException(), failureEndsRun: true);
            }
            catch (OperationCanceledException)
            {
            }
        }));
    }

    [Fact]
    public void An_item_may_post_and_invoke_itself()
    {
        List<string> done = [];

        _pump.Run(async _ => await _pump.InvokeAsync(() =>
        {
            _pump.Post(() => done.Add("inner"));
            done.Add("nested " + _pump.InvokeAsync(() => 7).Result);
            return 0;
        }));

        Assert.Equal(["inner", "nested 7"], done);
    }

    [Fact]
    public void Nothing_is_accepted_after_the_run()
    {
        _pump.Run(_ => Task.CompletedTask);

        Assert.True(_pump.InvokeAsync(() => 1).IsCanceled);
    }

    [Fact]
    public void A_stopped_pump_starts_nothing_any_more()
    {
        bool started = false;
        _pump.Stop();

        Assert.IsType<OperationCanceledException>(_pump.Run(_ =>
        {
            started = true;
            return Task.CompletedTask;
        }));
        Assert.False(started);
    }

    [Fact]
    public async Task Stop_returns_at_once_even_when_cancelling_runs_slow_code()
    {
        using ManualResetEventSlim registered = new();
        Stopwatch? watch = null;
        Task stop = Task.Run(() =>
        {
            registered.Wait();
            watch = Stopwatch.StartNew();
            _pump.Stop();
            watch.Stop();
        });

        _pump.Run(async token =>
        {
            token.Register(() => Thread.Sleep(2000));
            registered.Set();
            await Task.Delay(TimeSpan.FromSeconds(20), token);
        });
        await stop;

        Assert.True(watch!.Elapsed < TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task A_clean_up_outside_of_a_pump_is_bounded_by_its_own_token() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => CleanUp.RunAsync(token => Task.Delay(Timeout.Infinite, token), TimeSpan.FromMilliseconds(50)));

    [Fact]
    public void Runs_follow_each_other_quickly()
    {
        _pump.Run(_ => Task.CompletedTask);
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; i < 1000; i++)
        {
            _pump.Run(async _ => await _pump.InvokeAsync(() => 1));
        }

        // 20 ms are what a store-only cmdlet may take altogether; the bridge's share is a few microseconds of it.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.Elapsed.TotalMilliseconds / 1000} ms per run");
    }

    private sealed class SilentContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
