using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Hosting;

namespace KeyManager.Operations;

/// <summary>The steps of a proof one by one: publish, test, submit, take away. <see cref="CompleteOrder"/> does them in one go.</summary>
public sealed class ManageChallenges(KeyManagerPorts ports)
{
    private readonly OrderJournal _journal = new(ports);
    private readonly PublishedProofs _proofs = new(ports);
    private readonly Preflight _preflight = new(ports);

    /// <summary>Publishes what is to be proved and leaves it published; answers the challenges.</summary>
    /// <exception cref="ConflictException">KmOrderStateInvalid: nothing is left to prove.</exception>
    public async Task<IReadOnlyList<Challenge>> PublishAsync(string orderId, CompleteOrderOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        using Lease lease = Lease.OnOrder(ports, orderId, out CertificateOrder order);
        RefuseProved(order);
        order = await _proofs.AnnounceAsync(order, options, reporter, cancellationToken).ConfigureAwait(false);
        await _proofs.PublishAsync(order, options, reporter, lease, cancellationToken).ConfigureAwait(false);
        return [.. order.Challenges.Where(c => c.PublishedBy is not null)];
    }

    /// <summary>Takes away what was published for the order.</summary>
    public async Task UnpublishAsync(string orderId, IScriptRunner? scripts, IReporter reporter)
    {
        using Lease lease = Lease.OnOrder(ports, orderId, out CertificateOrder order);
        _ = await _proofs.TakeAwayAsync(order, scripts, reporter).ConfigureAwait(false);
    }

    /// <summary>Tells the authority that the proof is published, and asks once how the order stands.</summary>
    /// <exception cref="ConflictException">KmOrderStateInvalid: nothing is left to prove.</exception>
    public async Task<CertificateOrder> SubmitAsync(string orderId, IReporter reporter, CancellationToken cancellationToken)
    {
        using Lease lease = Lease.OnOrder(ports, orderId, out CertificateOrder order);
        RefuseProved(order);
        ICertificateAuthority authority = ports.Authorities.Get(order.Authority);
        IValidationAbility? ability = authority.Description.LooksByItself
            ? authority as IValidationAbility
            : ports.Authorities.Require<IValidationAbility>(authority, "check challenges");
        AuthorityContext context = Lookup.Context(ports.Store, ports.Store.Read(session => Lookup.UsableAccount(session, order.AccountId)), reporter);
        if (ability is not null)
        {
            order = _journal.Accept(order, await ability.SubmitAsync(context, order, _proofs.Choose(order), cancellationToken).ConfigureAwait(false));
        }

        return order.Status == OrderStatus.PendingValidation
            ? _journal.Accept(order, await authority.GetAsync(context, order, cancellationToken).ConfigureAwait(false))
            : order;
    }

    /// <summary>Looks from here whether the proofs can be seen, and what else an authority might stumble over.</summary>
    public async Task<IReadOnlyList<ChallengeTest>> TestAsync(string orderId, string? resolver, IReporter reporter, CancellationToken cancellationToken)
    {
        CertificateOrder order = ports.Store.Read(session => Lookup.Order(session, orderId));
        Task<IReadOnlyList<PreflightFinding>> looking = _preflight.RunAsync(order, resolver, reporter, cancellationToken);
        resolver ??= _proofs.ResolverOf(order);
        resolver = SolverContext.IsNoResolver(resolver) ? null : resolver;
        IReadOnlyList<Challenge> chosen = _proofs.Choose(order);
        string?[] problems = await Task.WhenAll(chosen.Select(c => ports.Proofs.FindProblemAsync(c, resolver, cancellationToken))).ConfigureAwait(false);
        IReadOnlyList<PreflightFinding> findings = await looking.ConfigureAwait(false);
        return
        [
            .. chosen.Select((c, i) => new ChallengeTest
            {
                OrderId = order.Id,
                DomainName = c.DomainName,
                Type = c.Type,
                Location = c.Location ?? "",
                IsVisible = problems[i] is null,
                Problem = problems[i],

                // What is about no single name is told once, with the first.
                Findings = [.. findings.Where(f => IsAbout(f, c) || (i == 0 && !chosen.Any(other => IsAbout(f, other))))],
            }),
        ];
    }

    private static bool IsAbout(PreflightFinding finding, Challenge challenge) =>
        finding.Subject == challenge.Location || finding.Subject == challenge.DomainName.Ascii || finding.Subject == "*." + challenge.DomainName.BaseName;

    private static void RefuseProved(CertificateOrder order)
    {
        if (order.Status != OrderStatus.PendingValidation)
        {
            throw new ConflictException(ConflictKind.State, ErrorIds.OrderStateInvalid, $"Order {order} has nothing to prove: its state is {order.Status}.")
            {
                Target = order.Id,
                Remedy = order.IsOpen ? "Go on with it: Invoke-KmChallenge." : $"After a failure get fresh challenges first: New-KmChallenge {order.Id}",
            };
        }
    }
}
