using System;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Holds a lease while an operation works on one thing, and gives it back at the end.</summary>
internal sealed class Lease : IDisposable
{
    // Longer than any single request may take; a holder that died blocks nobody for longer.
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(3);

    // Renewed at every step that is reported; longer than the longest wait between two.
    private static readonly TimeSpan RenewalDuration = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    // How often somebody who waits for a target looks again, and for how long.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ILeases _leases;
    private readonly Func<string, ConflictException> _lost;
    private readonly string _name;
    private readonly TimeSpan _duration;
    private readonly string _holder = Identifier.New();
    private readonly Clock _clock;
    private DateTimeOffset _takenAt;

    private Lease(KeyManagerPorts ports, string name, TimeSpan duration, Func<string, ConflictException> lost)
    {
        _leases = ports.Store.Leases;
        _clock = ports.Clock;
        _takenAt = ports.Clock.UtcNow;
        _lost = lost;
        _name = name;
        _duration = duration;
    }

    /// <summary>Takes the lease on an order.</summary>
    /// <exception cref="ConflictException">KmOrderBusy: another command works on it.</exception>
    public static Lease OnOrder(KeyManagerPorts ports, CertificateOrder order) => Take(ports, order.Id, order.ToString);

    /// <summary>Takes the lease on an order, then reads the order: nobody else works on it any more.</summary>
    /// <exception cref="NotFoundException">KmOrderNotFound.</exception>
    /// <exception cref="ConflictException">KmOrderBusy: another command works on it.</exception>
    public static Lease OnOrder(KeyManagerPorts ports, string orderId, out CertificateOrder order)
    {
        Lease lease = Take(ports, orderId, () => ports.Store.Read(session => Lookup.Order(session, orderId)).ToString());
        try
        {
            order = ports.Store.Read(session => Lookup.Order(session, orderId));
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lease on a target, after the deployment that has it, if any.</summary>
    /// <exception cref="ConflictException">KmDeployTargetBusy: another command works on it and does not come to an end.</exception>
    public static async Task<Lease> OnTargetAsync(KeyManagerPorts ports, DeployTarget target, CancellationToken cancellationToken)
    {
        Lease lease = new(ports, "target:" + target.Id, Duration, what => new ConflictException(ConflictKind.Busy, ErrorIds.DeployTargetBusy, $"Another command {what} the target {target}.")
        {
            Target = target.Name,
            IsTransient = true,
            Remedy = "Wait for it, or try again in three minutes if it was ended.",
        });
        for (TimeSpan waited = TimeSpan.Zero; !lease.TryTake(); waited += Pause)
        {
            if (waited >= Patience)
            {
                throw lease._lost("is working on");
            }

            await ports.Clock.DelayAsync(Pause, cancellationToken).ConfigureAwait(false);
        }

        return lease;
    }

    /// <summary>Takes the lease on the renewal of an entry; <c>null</c> when another command is at it.</summary>
    public static Lease? TryOnRenewal(KeyManagerPorts ports, RenewalPlanLine line)
    {
        Lease lease = new(ports, "renewal:" + line.LineageId, RenewalDuration, _ => new ConflictException(ConflictKind.Busy, ErrorIds.OrderBusy, $"Another command renews {line.Name}.") { Target = line.CertificateId });
        return lease.TryTake() ? lease : null;
    }

    private static Lease Take(KeyManagerPorts ports, string orderId, Func<string> describe)
    {
        Lease lease = new(ports, "order:" + orderId, Duration, _ => new ConflictException(ConflictKind.Busy, ErrorIds.OrderBusy, $"Another command has taken over order {describe()}.")
        {
            Target = orderId,
            Remedy = "Look at the order with Get-KmCertificateOrder.",
        });
        if (lease.TryTake())
        {
            return lease;
        }

        throw new ConflictException(ConflictKind.Busy, ErrorIds.OrderBusy, $"Another command is working on order {describe()}.")
        {
            Target = orderId,
            IsTransient = true,
            Remedy = "Wait for it, or try again in three minutes if it was ended.",
        };
    }

    private bool TryTake()
    {
        _takenAt = _clock.UtcNow;
        return _leases.TryAcquire(_name, _holder, _duration);
    }

    /// <summary>Keeps it for as long again, unless most of it is left; to be called before each request and each wait.</summary>
    /// <exception cref="ConflictException">KmOrderBusy, KmDeployTargetBusy: it was lost to another command meanwhile.</exception>
    public void Keep()
    {
        if (!TryKeep())
        {
            throw _lost("has taken over");
        }
    }

    /// <summary>The same as <see cref="Keep"/>; false when it was lost.</summary>
    public bool TryKeep()
    {
        DateTimeOffset now = _clock.UtcNow;
        if (now >= _takenAt && now - _takenAt < Fresh)
        {
            return true;
        }

        bool kept = _leases.Renew(_name, _holder, _duration);
        _takenAt = kept ? now : _takenAt;
        return kept;
    }

    public void Dispose() => _leases.Release(_name, _holder);
}
