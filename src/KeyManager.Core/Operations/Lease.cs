using System;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Holds a lease while an operation works on one thing, and gives it back at the end.</summary>
internal sealed class Lease : IDisposable
{
    // Longer than any single request may take; a holder that died blocks nobody for longer.
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(3);

    private readonly ILeases _leases;
    private readonly CertificateOrder _order;
    private readonly string _name;
    private readonly string _holder = Identifier.New();

    private Lease(ILeases leases, CertificateOrder order)
    {
        _leases = leases;
        _order = order;
        _name = "order:" + order.Id;
    }

    /// <summary>Takes the lease on an order.</summary>
    /// <exception cref="ConflictException">KmOrderBusy: another command works on it.</exception>
    public static Lease OnOrder(IStore store, CertificateOrder order)
    {
        Lease lease = new(store.Leases, order);
        if (store.Leases.TryAcquire(lease._name, lease._holder, Duration))
        {
            return lease;
        }

        throw new ConflictException(ConflictKind.Busy, ErrorIds.OrderBusy, $"Another command is working on order {order}.")
        {
            Target = order.Id,
            IsTransient = true,
            Remedy = "Wait for it, or try again in three minutes if it was ended.",
        };
    }

    /// <summary>Keeps it for as long again; to be called before each wait.</summary>
    /// <exception cref="ConflictException">KmOrderBusy: it was lost to another command meanwhile.</exception>
    public void Keep()
    {
        if (!_leases.Renew(_name, _holder, Duration))
        {
            throw new ConflictException(ConflictKind.Busy, ErrorIds.OrderBusy, $"Another command has taken over order {_order}.")
            {
                Target = _order.Id,
                Remedy = "Look at the order with Get-KmCertificateOrder.",
            };
        }
    }

    public void Dispose() => _leases.Release(_name, _holder);
}
