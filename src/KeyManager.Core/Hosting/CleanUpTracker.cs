using System;
using System.Threading;

namespace KeyManager.Hosting;

/// <summary>Counts the clean-ups that run within one <see cref="PipelinePump"/>, so that a stop waits for them and for nothing else.</summary>
internal sealed class CleanUpTracker(Action changed)
{
    // Flows with the work that a pump started, not with the thread; two pumps never see each other's.
    private static readonly AsyncLocal<CleanUpTracker?> Flow = new();

    private int _count;

    public static CleanUpTracker? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }

    public bool IsActive => Volatile.Read(ref _count) > 0;

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave()
    {
        Interlocked.Decrement(ref _count);
        changed();
    }
}
