using System;
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

    private readonly ILeases _leases;
    private readonly Func<string> _describe;
    private readonly string _subject;
    private readonly string _name;
    private readonly TimeSpan _duration;
    private readonly string _holder = Identifier.New();
    private readonly Clock _clock;
    private DateTimeOffset _takenAt;

    private Lease(ILeases leases, Clock clock, string name, TimeSpan duration, string subject, Func<string> describe)
    {
        _duration = duration;
        _leases = leases;
        _clock = clock;
        _takenAt = clock.UtcNow;
        _describe = describe;
        _subject = subject;
        _name = name;
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

    /// <summary>Takes the lease on the renewal of an entry; <c>null</c> when another command is at it.</summary>
    public static Lease? TryOnRenewal(KeyManagerPorts ports, RenewalPlanLine line)
    {
        Lease lease = new(ports.Store.Leases, ports.Clock, "renewal:" + line.LineageId, RenewalDuration, line.CertificateId, () => line.Name);
        return ports.Store.Leases.TryAcquire(lease._name, lease._holder, RenewalDuration) ? lease : null;
    }

    /// <summary>The same as <see cref="Keep"/>, without a word when it was lost: what is guarded is guarded once more by the order.</summary>
    public void TryKeep()
    {
        DateTimeOffset now = _clock.UtcNow;
        if (now < _takenAt || now - _takenAt >= Fresh)
        {
            _takenAt = now;
            _leases.Renew(_name, _holder, _duration);
        }
    }

    private static Lease Take(KeyManagerPorts ports, string orderId, Func<string> describe)
    {
        Lease lease = new(ports.Store.Leases, ports.Clock, "order:" + orderId, Duration, orderId, describe);
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

        if (!_leases.Renew(_name, _holder, _duration))
        {
            throw new ConflictException(ConflictKind.Busy, ErrorIds.OrderBusy, $"Another command has taken over order {_describe()}.")
            {
                Target = _subject,
                Remedy = "Look at the order with Get-KmCertificateOrder.",
            };
        }

        _takenAt = now;
    }

    public void Dispose() => _leases.Release(_name, _holder);
}
