using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Hosting;

/// <summary>
/// Runs async work on a worker while the calling thread executes, one after the other and in order, what the work posts to it.
/// A host that wants everything written on one thread (a PowerShell pipeline) stands on this.
/// </summary>
/// <remarks>
/// The work starts on a worker even when it might finish at once: what calls itself asynchronous in SQLite and in key generation is
/// not, and a calling thread that is busy cannot be stopped. The hop costs some microseconds.
/// One instance serves one command: <see cref="Run"/> may be called again and again, by one thread at a time;
/// <see cref="InvokeAsync"/>, <see cref="Post"/> and <see cref="Stop"/> by any thread.
/// </remarks>
public sealed class PipelinePump
{
    /// <summary>How long a stopped run waits for work that does not heed its token.</summary>
    public static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(700);

    /// <summary>How long a stopped run waits for work inside <see cref="CleanUp.RunAsync"/>.</summary>
    public static readonly TimeSpan CleanUpGrace = TimeSpan.FromSeconds(30);

    private readonly object _gate = new();
    private readonly Queue<PumpItem> _items = new();
    private readonly CleanUpTracker _cleanUps;

    // Never disposed: work that was left behind may still register with the token, and without a timer there is nothing to free.
    private readonly CancellationTokenSource _cancellation = new();

    private readonly Stopwatch _ending = new();
    private TimeSpan _lastCleanUp;
    private ExceptionDispatchInfo? _fault;
    private int _thread;
    private bool _running;

    public PipelinePump() => _cleanUps = new CleanUpTracker(OnCleanUpEnded);

    /// <summary>True once <see cref="Stop"/> was called.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>True once the run was stopped, or ended by what a posted item threw. Work is not started any more.</summary>
    public bool IsOver => _ending.IsRunning;

    /// <summary>
    /// Runs <paramref name="work"/> and returns the exception with which it ended, or null. An exception that a posted item threw is
    /// not returned but thrown, the same object, after the work was cancelled and has ended. After <see cref="Stop"/> the result is
    /// an <see cref="OperationCanceledException"/> whatever the work did.
    /// </summary>
    public Exception? Run(Func<CancellationToken, Task> work)
    {
        Guard.NotNull(work);
        lock (_gate)
        {
            if (IsOver)
            {
                return new OperationCanceledException();
            }

            _thread = Environment.CurrentManagedThreadId;
            _running = true;
        }

        Task body = Task.Run(() =>
        {
            CleanUpTracker.Current = _cleanUps;
            return work(_cancellation.Token);
        });
        body.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            while (Next(body) is { } item)
            {
                if (item.Run() is { } error)
                {
                    _fault ??= ExceptionDispatchInfo.Capture(error);
                    End();
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _running = false;
                RejectAll();
            }
        }

        _fault?.Throw();
        return Outcome(body);
    }

    /// <summary>Executes a function on the calling thread of the run and returns its result.</summary>
    /// <param name="function">What to execute.</param>
    /// <param name="failureEndsRun">
    /// True for writing to the host: what that throws belongs to the host, so it ends the run and leaves <see cref="Run"/> unchanged,
    /// and the work sees a cancellation. False: the exception goes to whoever awaits the result.
    /// </param>
    public Task<T> InvokeAsync<T>(Func<T> function, bool failureEndsRun = false)
    {
        Guard.NotNull(function);
        PumpItem<T> item = new(function, failureEndsRun);
        Enqueue(item);
        return item.Task;
    }

    /// <summary>Executes an action on the calling thread of the run, and does not wait for it. Dropped when the run is over.</summary>
    public void Post(Action action)
    {
        Guard.NotNull(action);
        Enqueue(new PumpItem<bool>(
            () =>
            {
                action();
                return true;
            },
            failureEndsRun: true));
    }

    /// <summary>Cancels the work. Returns at once; <see cref="Run"/> returns in less than a second, unless it has to wait for a clean-up.</summary>
    public void Stop()
    {
        IsStopped = true;
        End();
    }

    private void Enqueue(PumpItem item)
    {
        lock (_gate)
        {
            if (!_running || IsOver)
            {
                item.Reject();
                return;
            }

            if (Environment.CurrentManagedThreadId != _thread)
            {
                _items.Enqueue(item);
                Monitor.PulseAll(_gate);
                return;
            }
        }

        // Already where it should be: a function that runs on the calling thread writes something itself. To queue it would be to
        // wait for oneself.
        if (item.Run() is { } error)
        {
            _fault ??= ExceptionDispatchInfo.Capture(error);
            End();
        }
    }

    private PumpItem? Next(Task body)
    {
        lock (_gate)
        {
            while (true)
            {
                if (_items.Count > 0)
                {
                    return _items.Dequeue();
                }

                TimeSpan left = IsOver ? Patience() : Timeout.InfiniteTimeSpan;
                if (body.IsCompleted || (IsOver && left <= TimeSpan.Zero))
                {
                    return null;
                }

                Monitor.Wait(_gate, left);
            }
        }
    }

    private TimeSpan Patience()
    {
        TimeSpan most = CleanUpGrace - _ending.Elapsed;
        TimeSpan left = _cleanUps.IsActive ? most : _lastCleanUp + StopGrace - _ending.Elapsed;
        return left < most ? left : most;
    }

    private void End()
    {
        lock (_gate)
        {
            if (IsOver)
            {
                return;
            }

            _ending.Start();
            RejectAll();
            Monitor.PulseAll(_gate);
        }

        // Not here: cancelling runs whatever waits for the token, clean-up included, on the thread that cancels. And not on the pool,
        // which may be busy with the very work that has to end.
        Task.Factory.StartNew(_cancellation.Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void RejectAll()
    {
        while (_items.Count > 0)
        {
            _items.Dequeue().Reject();
        }
    }

    private void OnCleanUpEnded()
    {
        lock (_gate)
        {
            _lastCleanUp = _ending.Elapsed;
            Monitor.PulseAll(_gate);
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private Exception? Outcome(Task body)
    {
        if (!body.IsCompleted || IsOver)
        {
            // Nobody will look at the work's own exception any more.
            body.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return new OperationCanceledException();
        }

        return body.IsCanceled ? new OperationCanceledException() : body.Exception?.InnerException;
    }
}
