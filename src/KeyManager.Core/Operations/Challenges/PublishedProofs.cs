using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>
/// Publishes the proofs of an order and takes them away. Who publishes what is written down first, so that a process that was killed leaves a list of
/// what is still out there.
/// </summary>
internal sealed class PublishedProofs(KeyManagerPorts ports)
{
    /// <summary>A cancelled caller must not leave proof lying around; half a minute is ample for taking it away.</summary>
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(30);

    /// <summary>As many at once as a web server or a DNS service puts up with.</summary>
    private const int AtOnce = 8;

    private readonly OrderJournal _journal = new(ports);

    /// <summary>One challenge for each name that is not proved: of the type that the order asks for, else one that can be solved here, else the first.</summary>
    /// <param name="order">The order.</param>
    /// <param name="manual">The user publishes; what is set up to do so is left alone.</param>
    public IReadOnlyList<Challenge> Choose(CertificateOrder order, bool manual = false) =>
    [
        // Authorities list them in any order; what is chosen must not be a matter of chance.
        .. order.ChallengesByProof
            .Where(group => group.All(c => c.Status != ChallengeStatus.Valid))
            .Select(group => group.OrderBy(c => Rank(order, c.Type)).ToList())
            .Select(group => group.FirstOrDefault(c => c.Type == order.ChallengeType)
                ?? group.FirstOrDefault(c => c.PublishedBy is not null)
                ?? group.FirstOrDefault(c => !manual && SolverFor(order, c, manual: false) is not null)
                ?? group.FirstOrDefault(c => SolverFor(order, c, manual: true) is not null)
                ?? group.First()),
    ];

    /// <summary>Writes down who is going to publish what where; answers the order with these marks.</summary>
    /// <exception cref="ChallengeException">KmChallengeNotPublished: nothing is set up that could.</exception>
    public async Task<CertificateOrder> AnnounceAsync(CertificateOrder order, CompleteOrderOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        IReadOnlyList<Challenge> open = Choose(order, options.Manual);
        SolverContext context = Context(order, options, reporter);
        Dictionary<string, Challenge> announced = [];
        foreach (IGrouping<IChallengeSolver, Challenge> group in open.GroupBy(c => SolverFor(order, c, options.Manual) ?? throw NotPublished(order, open)).ToList())
        {
            IReadOnlyList<Challenge> placed = group.Key is IBatchSolver batch ? await batch.PlaceAsync(context, [.. group], cancellationToken).ConfigureAwait(false) : [.. group];
            foreach (Challenge challenge in placed)
            {
                announced[challenge.Id] = challenge with { PublishedBy = group.Key.Name };
            }
        }

        // What is written at another's service would be missed for ever after a loss of power; files and ports here would not.
        return _journal.Save(
            order with { Challenges = [.. order.Challenges.Select(c => announced.TryGetValue(c.Id, out Challenge? marked) ? marked : c)] },
            announced.Values.Any(c => c.Placement is not null || c.DeployTargets.Count > 0) ? Durability.Immediate : Durability.Deferred);
    }

    /// <summary>Publishes what was announced, and waits until it can be seen where the solver is able to look.</summary>
    public async Task PublishAsync(CertificateOrder order, CompleteOrderOptions options, IReporter reporter, Lease lease, CancellationToken cancellationToken)
    {
        IReadOnlyList<Challenge> open = Choose(order, options.Manual);
        SolverContext context = Context(order, options, reporter);
        await Concurrent.ForEachAsync(
            Batches(open),
            AtOnce,
            batch =>
            {
                foreach (Challenge challenge in batch.Challenges)
                {
                    reporter.Verbose($"Publishing {challenge.Type} proof for {challenge.DomainName} at {challenge.Placement?.ToString() ?? challenge.Location}.");
                }

                return batch.Solver is IBatchSolver solver
                    ? solver.PresentAsync(context, batch.Challenges, cancellationToken)
                    : batch.Solver.PresentAsync(context, batch.Challenges[0], cancellationToken);
            },
            cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (IGrouping<IChallengeSolver, Challenge> group in open.GroupBy(c => ports.Solvers.First(s => s.Name == c.PublishedBy)))
        {
            if (group.Key is IVisibleProof visible)
            {
                await visible.WaitUntilVisibleAsync(context, [.. group], options.Timeout, lease.Keep, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Takes away what is marked as published, also for a caller that was cancelled, and stores the order as it is given, without the marks of what is gone.</summary>
    public async Task<CertificateOrder> TakeAwayAsync(CertificateOrder order, IScriptRunner? scripts, IReporter reporter)
    {
        ProofRemoval removal = BeginTakingAway(order, scripts, reporter);
        await removal.EndAsync().ConfigureAwait(false);
        return _journal.Save(removal.Unmark(order), Durability.Deferred); // taking away twice does no harm
    }

    /// <summary>Begins to take away what is marked as published, and lets it go on also when the caller is cancelled. The caller waits for it before it ends, and stores what is gone.</summary>
    public ProofRemoval BeginTakingAway(CertificateOrder order, IScriptRunner? scripts, IReporter reporter) =>
        new(order.Challenges.Any(c => c.PublishedBy is not null) ? Task.Run(() => RemoveAsync(order, scripts, reporter)) : Task.FromResult<IReadOnlyCollection<string>>([]));

    /// <summary>Waits for the end of a removal, and stores it with the order as that is stored by then: for an order that failed meanwhile.</summary>
    public async Task SettleAsync(string orderId, ProofRemoval removal)
    {
        await removal.EndAsync().ConfigureAwait(false);
        try
        {
            ports.Store.Write(
                session =>
                {
                    CertificateOrder stored = Lookup.Order(session, orderId);
                    CertificateOrder settled = removal.Unmark(stored);
                    return settled == stored ? stored : _journal.Save(session, settled, null);
                },
                Durability.Deferred);
        }
        catch (Exception e) when (e is StoreException or NotFoundException)
        {
            // What led here says more. A mark that stays has the proof taken away once more.
        }
    }

    /// <summary>Takes away what finished orders have left, because the process that worked on them was killed or could not reach the place.</summary>
    public async Task SweepAsync(IScriptRunner? scripts, IReporter reporter)
    {
        IReadOnlyList<CertificateOrder> left = ports.Store.Read(session => session.Orders.Query(new OrderQuery { HasPublishedProof = true, IsOpen = false }, null, 100).Items);
        foreach (CertificateOrder order in left)
        {
            reporter.Verbose($"Taking away what order {order} has left published.");
            try
            {
                using Lease lease = Lease.OnOrder(ports, order.Id, out CertificateOrder now);
                _ = await TakeAwayAsync(now, scripts, reporter).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ConflictException or NotFoundException)
            {
                // Somebody is at it, or has removed it.
            }
        }
    }

    /// <summary>Files are the simplest; scripts are for records; what takes a port of its own, or stands for ever, is chosen only when nothing else is there.</summary>
    private static int Rank(CertificateOrder order, ChallengeType type) => type switch
    {
        ChallengeType.Dns01 when order is { WebRootPath: null, ListenAddress: null } and not { ChallengeScript: null, DnsAccount: null } => 0,
        ChallengeType.Http01 => 1,
        ChallengeType.Dns01 => 2,
        ChallengeType.DnsAccount01 => 3,
        ChallengeType.TlsAlpn01 => 4,
        ChallengeType.DnsPersist01 => 5,
        _ => 6,
    };

    /// <summary>The DNS server that the account of the order names for looking at records.</summary>
    public string? ResolverOf(CertificateOrder order) =>
        ports.Store.Read(session => session.Accounts.Find(order.AccountId))?.Settings.TryGetValue(AccountSettings.Resolver, out string? resolver) == true && resolver.Length > 0 ? resolver : null;

    private IChallengeSolver? SolverFor(CertificateOrder order, Challenge challenge, bool manual) => manual
        ? ports.Solvers.FirstOrDefault(s => s is IManualSolver && s.CanSolve(order, challenge))
        : ports.Solvers.FirstOrDefault(s => s is not IManualSolver && s.CanSolve(order, challenge));

    private async Task<IReadOnlyCollection<string>> RemoveAsync(CertificateOrder order, IScriptRunner? scripts, IReporter reporter)
    {
        SolverContext context = new(order, reporter, scripts);

        // A solver that this build does not have took its list with it.
        HashSet<string> gone = [.. order.Challenges.Where(c => c.PublishedBy is not null && ports.Solvers.All(s => s.Name != c.PublishedBy)).Select(c => c.Id)];
        List<(IChallengeSolver Solver, IReadOnlyList<Challenge> Challenges)> batches = [.. Batches(order.Challenges.Where(c => c.PublishedBy is not null && !gone.Contains(c.Id)))];
        await CleanUp.RunAsync(
            async token =>
            {
                IReadOnlyList<bool> done = await Concurrent.SelectAsync(
                    batches, AtOnce, batch => RemoveAsync(context, batch.Solver, batch.Challenges, token), CancellationToken.None).ConfigureAwait(false);
                gone.UnionWith(batches.Where((_, i) => done[i]).SelectMany(b => b.Challenges).Select(c => c.Id));
            },
            CleanUpTime).ConfigureAwait(false);
        return gone;
    }

    private static async Task<bool> RemoveAsync(SolverContext context, IChallengeSolver solver, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await (solver is IBatchSolver batch
                ? batch.CleanUpAsync(context, challenges, cancellationToken)
                : solver.CleanUpAsync(context, challenges[0], cancellationToken)).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is KeyManagerException or OperationCanceledException)
        {
            // The certificate matters more than a left-over file; the journal keeps it for a later sweep.
            foreach (Challenge challenge in challenges)
            {
                context.Reporter.Warn($"The {challenge.Type} proof for {challenge.DomainName} at {challenge.Placement?.ToString() ?? challenge.Location} could not be taken away: {e.Message}");
            }

            return false;
        }
    }

    /// <summary>What is published at once: all of one place where the solver can, else one by one.</summary>
    private IEnumerable<(IChallengeSolver Solver, IReadOnlyList<Challenge> Challenges)> Batches(IEnumerable<Challenge> challenges) => challenges
        .Select(c => (Solver: ports.Solvers.First(s => s.Name == c.PublishedBy), Challenge: c))
        .GroupBy(w => (w.Solver, Place: w.Solver is IBatchSolver batch ? batch.PlaceOf(w.Challenge) : w.Challenge.Id))
        .Select(group => (group.Key.Solver, (IReadOnlyList<Challenge>)[.. group.Select(w => w.Challenge)]));

    private SolverContext Context(CertificateOrder order, CompleteOrderOptions options, IReporter reporter) =>
        new(order, reporter, options.Scripts, options.Resolver ?? ResolverOf(order));

    private static ChallengeException NotPublished(CertificateOrder order, IReadOnlyList<Challenge> challenges)
    {
        IEnumerable<string> lines = challenges.Select(c => string.Format(CultureInfo.InvariantCulture, "{0} {1}: {2}", c.Type, c.Location, c.Value));
        return new ChallengeException(
            ErrorIds.ChallengeNotPublished,
            $"The proof for order {order} has to be published, and nothing is set up that could do it. To publish: {string.Join("; ", lines)}")
        {
            Target = order.Id,
            Remedy = "Make a DNS account (New-KmDnsAccount); or order with -WebRootPath, -ListenAddress or -ChallengeScript; or publish it yourself: Invoke-KmChallenge -Manual shows it and waits, -AlreadyPublished does not wait.",
        };
    }
}
