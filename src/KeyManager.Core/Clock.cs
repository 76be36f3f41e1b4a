using System;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager;

/// <summary>
/// The only source of time and of waiting. Core has no package dependency, so that it can lie beside the module manifest in
/// PowerShell's own load context without a version conflict; that is why this is not System.TimeProvider.
/// </summary>
public abstract class Clock
{
    /// <summary>The clock of the machine.</summary>
    public static Clock System { get; } = new SystemClock();

    /// <summary>The time now, in UTC.</summary>
    public abstract DateTimeOffset UtcNow { get; }

    /// <summary>Completes after <paramref name="delay"/>; throws <see cref="OperationCanceledException"/> when cancelled earlier.</summary>
    public abstract Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken);

    private sealed class SystemClock : Clock
    {
#pragma warning disable RS0030 // the one place
        public override DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

        public override Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, cancellationToken);
#pragma warning restore RS0030
    }
}
