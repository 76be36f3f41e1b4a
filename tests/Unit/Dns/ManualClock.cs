using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Tests.Dns;

/// <summary>A clock that stands still until it is turned.</summary>
internal sealed class ManualClock : Clock
{
    private readonly List<(DateTimeOffset Due, TaskCompletionSource<bool> Done)> _waiting = [];
    private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset UtcNow
    {
        get
        {
            lock (_waiting)
            {
                return _now;
            }
        }
    }

    public override async Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration cancelled = cancellationToken.Register(() => done.TrySetCanceled(cancellationToken));
        lock (_waiting)
        {
            _waiting.Add((_now + delay, done));
        }

        await done.Task;
    }

    public void Turn(TimeSpan span)
    {
        List<TaskCompletionSource<bool>> due;
        lock (_waiting)
        {
            _now += span;
            due = _waiting.Where(w => w.Due <= _now).Select(w => w.Done).ToList();
            _waiting.RemoveAll(w => w.Due <= _now);
        }

        due.ForEach(done => done.TrySetResult(true));
    }
}
