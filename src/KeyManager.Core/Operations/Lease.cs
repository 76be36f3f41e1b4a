using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Holds a lease while an operation works on one thing, and gives it back at the end.</summary>
internal sealed class Lease : IDisposable
{
    private const string OrderPrefix = "order:";
    private const string AccountPrefix = "account:";

    // Longer than any single request may take; a holder that died blocks nobody for longer.
    private static readonly TimeSpan Duration = TimeSpan.FromMinutes(3);

    // Renewed at every step that is reported; longer than the longest wait between two.
    private static readonly TimeSpan RenewalDuration = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    // How often somebody who waits for a target or an account looks again, and for how long.
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
    /// <exception cref="ConflictException">KmOrderBusy: another command works on it. KmAccountBusy: another command changes its account.</exception>
    public static Lease OnOrder(KeyManagerPorts ports, CertificateOrder order) => Take(ports, order.Id, order.ToString).Check(() => order, out _);

    /// <summary>Takes the lease on an order, then reads the order: nobody else works on it any more.</summary>
    /// <exception cref="NotFoundException">KmOrderNotFound.</exception>
    /// <exception cref="ConflictException">KmOrderBusy: another command works on it. KmAccountBusy: another command changes its account.</exception>
    public static Lease OnOrder(KeyManagerPorts ports, string orderId, out CertificateOrder order)
    {
        CertificateOrder Read() => ports.Store.Read(session => Lookup.Order(session, orderId));
        return Take(ports, orderId, () => Read().ToString()).Check(Read, out order);
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
        await WaitAsync(ports.Clock, lease.TryTake, () => lease._lost("is working on"), cancellationToken).ConfigureAwait(false);
        return lease;
    }

    /// <summary>
    /// Takes the lease on an account to change it, then reads the account: no work on its orders begins before it is given back, and another change waits.
    /// </summary>
    /// <param name="ports">The ports.</param>
    /// <param name="account">The account as it was before waiting.</param>
    /// <param name="excludesOrders">Whether it also waits for the work on orders that goes on, which the change would pull the rug from under.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The lease, and the account as it is now.</returns>
    /// <exception cref="ConflictException">
    /// KmAccountBusy: another command changes it, or works on its orders, and does not come to an end. KmAccountDeactivated: another command gave it up meanwhile.
    /// </exception>
    /// <exception cref="NotFoundException">KmAccountNotFound: another command removed it meanwhile.</exception>
    public static async Task<(Lease Lease, AuthorityAccount Account)> OnAccountAsync(KeyManagerPorts ports, AuthorityAccount account, bool excludesOrders, CancellationToken cancellationToken)
    {
        Lease lease = new(ports, AccountPrefix + account.Id, Duration, what => AccountBusy(account.Name, $"Another command {what} the account {account}."));
        await WaitAsync(ports.Clock, lease.TryTake, () => lease._lost("changes"), cancellationToken).ConfigureAwait(false);
        try
        {
            if (excludesOrders)
            {
                await WaitAsync(
                    ports.Clock,
                    () => !HasOrderWork(ports, account),
                    () => AccountBusy(account.Name, $"Another command is working on an order of the account {account}."),
                    cancellationToken).ConfigureAwait(false);
            }

            return (lease, ports.Store.Read(session => Lookup.UsableAccount(session, account.Id)));
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private static async Task WaitAsync(Clock clock, Func<bool> isReady, Func<ConflictException> busy, CancellationToken cancellationToken)
    {
        for (TimeSpan waited = TimeSpan.Zero; !isReady(); waited += Pause)
        {
            if (waited >= Patience)
            {
                throw busy();
            }

            await clock.DelayAsync(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>An order that is leased and not stored yet may be one of the account.</summary>
    private static bool HasOrderWork(KeyManagerPorts ports, AuthorityAccount account)
    {
        IReadOnlyList<string> held = ports.Store.Leases.ListHeld(OrderPrefix);
        return held.Count > 0 && ports.Store.Read(session => held.Any(name => session.Orders.Find(name.Substring(OrderPrefix.Length)) is not CertificateOrder order || order.AccountId == account.Id));
    }

    private static ConflictException AccountBusy(string account, string message) => new(ConflictKind.Busy, ErrorIds.AccountBusy, message)
    {
        Target = account,
        IsTransient = true,
        Remedy = "Wait for it, or try again in three minutes if it was ended.",
    };

    /// <summary>Takes the lease on the renewal of an entry; <c>null</c> when another command is at it.</summary>
    public static Lease? TryOnRenewal(KeyManagerPorts ports, RenewalPlanLine line)
    {
        Lease lease = new(ports, "renewal:" + line.LineageId, RenewalDuration, _ => new ConflictException(ConflictKind.Busy, ErrorIds.OrderBusy, $"Another command renews {line.Name}.") { Target = line.CertificateId });
        return lease.TryTake() ? lease : null;
    }

    private static Lease Take(KeyManagerPorts ports, string orderId, Func<string> describe)
    {
        Lease lease = new(ports, OrderPrefix + orderId, Duration, _ => new ConflictException(ConflictKind.Busy, ErrorIds.OrderBusy, $"Another command has taken over order {describe()}.")
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

    /// <summary>
    /// Gives it back when the order is gone or its account is being changed. After the lease on the order, as who changes an account looks for orders after taking the account: one of the
    /// two sees the other.
    /// </summary>
    private Lease Check(Func<CertificateOrder> read, out CertificateOrder order)
    {
        try
        {
            order = read();
            return _leases.ListHeld(AccountPrefix + order.AccountId).Count == 0 ? this : throw AccountBusy(order.Account, $"Another command changes the account {order.Account}.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private bool TryTake()
    {
        _takenAt = _clock.UtcNow;
        return _leases.TryAcquire(_name, _holder, _duration);
    }

    /// <summary>Keeps it for as long again, unless most of it is left; to be called before each request and each wait.</summary>
    /// <exception cref="ConflictException">KmOrderBusy, KmAccountBusy, KmDeployTargetBusy: it was lost to another command meanwhile.</exception>
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
