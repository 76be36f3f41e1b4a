using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Tests.Support;

/// <summary>A clock that stands still until it is told to go on; waiting ends when it has gone far enough.</summary>
public sealed class FakeClock(DateTimeOffset? start = null) : Clock
{
    private readonly object _gate = new();
    private readonly List<(DateTimeOffset Due, TaskCompletionSource<bool> Done)> _waiting = [];
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset UtcNow
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>What was waited for, in order.</summary>
    public List<TimeSpan> Delays { get; } = [];

    /// <summary>When set, waiting ends at once and the clock jumps by as much.</summary>
    public bool SkipsDelays { get; set; }

    public void Advance(TimeSpan by)
    {
        List<TaskCompletionSource<bool>> due = [];
        lock (_gate)
        {
            _now += by;
            for (int i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Due <= _now)
                {
                    due.Add(_waiting[i].Done);
                    _waiting.RemoveAt(i);
                }
            }
        }

        foreach (TaskCompletionSource<bool> done in due)
        {
            done.TrySetResult(true);
        }
    }

    public override Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            Delays.Add(delay);
            if (SkipsDelays || delay <= TimeSpan.Zero)
            {
                _now += delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
                return Task.CompletedTask;
            }

            _waiting.Add((_now + delay, done));
        }

        cancellationToken.Register(() => done.TrySetCanceled(cancellationToken));
        return done.Task;
    }
}
