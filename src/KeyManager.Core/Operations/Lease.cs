using System;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Holds a lease while an operation works on one thing, and gives it back at the end.</summary>
internal sealed class Lease : IDisposable
{
    // Longer than any single request may take; a holder that died blocks nobody for longer.
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly ILeases _leases;
    private readonly Func<string> _describe;
    private readonly string _orderId;
    private readonly string _name;
    private readonly string _holder = Identifier.New();
    private readonly Clock _clock;
    private DateTimeOffset _takenAt;

    private Lease(ILeases leases, Clock clock, string orderId, Func<string> describe)
    {
        _leases = leases;
        _clock = clock;
        _takenAt = clock.UtcNow;
        _describe = describe;
        _orderId = orderId;
        _name = "order:" + orderId;
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

    private static Lease Take(KeyManagerPorts ports, string orderId, Func<string> describe)
    {
        Lease lease = new(ports.Store.Leases, ports.Clock, orderId, describe);
        if (ports.Store.Leases.TryAcquire(lease._name, lease._holder, Duration))
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

    /// <summary>Keeps it for as long again, unless most of it is left; to be called before each request and each wait.</summary>
    /// <exception cref="ConflictException">KmOrderBusy: it was lost to another command meanwhile.</exception>
    public void Keep()
    {
        DateTimeOffset now = _clock.UtcNow;
        if (now >= _takenAt && now - _takenAt < Fresh)
        {
            return;
        }

        if (!_leases.Renew(_name, _holder, Duration))
        {
            throw new ConflictException(ConflictKind.Busy, ErrorIds.OrderBusy, $"Another command has taken over order {_describe()}.")
            {
                Target = _orderId,
                Remedy = "Look at the order with Get-KmCertificateOrder.",
            };
        }

        _takenAt = now;
    }

    public void Dispose() => _leases.Release(_name, _holder);
}
