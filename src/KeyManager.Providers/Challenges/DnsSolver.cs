using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Providers.Dns;
using KeyManager.Storage;

namespace KeyManager.Providers.Challenges;

/// <summary>Publishes records with the DNS accounts, all of one zone at once, and waits until every server of the zone has them.</summary>
public sealed class DnsSolver(IStore store, DnsProviderRegistry providers, DnsPlacer placer, IProofWait wait) : IBatchSolver, IVisibleProof, IOrderCheck
{
    /// <inheritdoc/>
    public string Name => "Dns";

    /// <inheritdoc/>
    public void Check(CertificateOrder order)
    {
        if (order is { DnsAccount: string named, ChallengeScript: not null })
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "A script and a DNS account are given, and one of them publishes.") { Target = named, Remedy = "Leave out -ChallengeScript or -DnsAccount." };
        }

        if (order is { DnsAccount: string account, ChallengeType: ChallengeType type } && !type.IsRecord())
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"A proof of the kind {type} is not published by a DNS account.")
            {
                Target = account,
                Remedy = "Leave out -DnsAccount, or order with a proof that is a record: -ChallengeType Dns01.",
            };
        }
    }

    /// <inheritdoc/>
    public bool CanSolve(CertificateOrder order, Challenge challenge) => challenge.Type.IsRecord() && placer.MayPlace(order.DnsAccount, challenge.DomainName);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Challenge>> PlaceAsync(SolverContext context, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken)
    {
        // What a killed process may have written stays where it is, so that it is found again.
        List<Challenge> open = [.. challenges.Where(c => c.PublishedBy != Name || c.Placement is null)];
        IReadOnlyList<DnsPlacement> places = open.Count == 0
            ? []
            : await placer.FindAsync(
                context.Order.DnsAccount,
                [.. open.Select(c => new ProofRecord(c.DomainName, c.Location ?? throw new ChallengeException(ErrorIds.ChallengeNotPublished, $"The authority has not said what to publish for {c.DomainName}.") { Target = context.Order.Id }, c.Type.RecordType()))],
                context.Resolver,
                context.Reporter,
                context.Scripts,
                cancellationToken).ConfigureAwait(false);
        Dictionary<string, DnsPlacement> byId = open.Select((c, i) => (c.Id, Place: places[i])).ToDictionary(p => p.Id, p => p.Place);
        return [.. challenges.Select(c => byId.TryGetValue(c.Id, out DnsPlacement? place) ? c with { Placement = place } : c)];
    }

    /// <inheritdoc/>
    public string PlaceOf(Challenge challenge) => challenge.Placement is DnsPlacement place ? string.Join("\n", place.DnsAccountId, place.MappingId, place.ZoneId) : "";

    /// <inheritdoc/>
    public Task PresentAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken) => PresentAsync(context, [challenge], cancellationToken);

    /// <inheritdoc/>
    public Task CleanUpAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken) => CleanUpAsync(context, [challenge], cancellationToken);

    /// <inheritdoc/>
    public Task PresentAsync(SolverContext context, IReadOnlyList<Challenge> ofOnePlace, CancellationToken cancellationToken) =>
        ApplyAsync(context, ofOnePlace, isRemoval: false, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Not for DnsPersist01: that record stands, and proves the next order too.</remarks>
    public async Task CleanUpAsync(SolverContext context, IReadOnlyList<Challenge> ofOnePlace, CancellationToken cancellationToken)
    {
        List<Challenge> passing = [.. ofOnePlace.Where(c => c.Type != ChallengeType.DnsPersist01 && c.Placement is not null)];
        if (passing.Count == 0)
        {
            return;
        }

        try
        {
            await ApplyAsync(context, passing, isRemoval: true, cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException error) when (error.ErrorId == ErrorIds.DnsAccountNotFound)
        {
            // Nobody can take it away any more, so nothing is gained by trying for ever.
            context.Reporter.Warn($"{error.Message} These records stay: {string.Join("; ", passing.Select(c => $"{c.Placement!.RecordName} {ZoneWitness.Word(c.Type.RecordType())} {c.Value}"))}.");
        }
    }

    /// <inheritdoc/>
    /// <remarks>Each as the settings of its account say.</remarks>
    public Task WaitUntilVisibleAsync(SolverContext context, IReadOnlyList<Challenge> challenges, TimeSpan timeout, Action keep, CancellationToken cancellationToken)
    {
        // One object for each account: values at one name are looked for together.
        Dictionary<string, ProofWaitOptions> byAccount = store.Read(session => session.DnsAccounts.List())
            .ToDictionary(a => a.Id, a => ProofWaitOptions.Of(context, a.Settings, providers.Get(a.Provider).Description.PropagationSeconds, timeout));
        ProofWaitOptions others = ProofWaitOptions.Of(context, timeout);
        return wait.RunAsync(
            context,
            [.. challenges.Select(c => new AwaitedProof(c, c.Placement is DnsPlacement place && byAccount.TryGetValue(place.DnsAccountId, out ProofWaitOptions? own) ? own : others))],
            keep,
            cancellationToken);
    }

    private async Task ApplyAsync(SolverContext context, IReadOnlyList<Challenge> challenges, bool isRemoval, CancellationToken cancellationToken)
    {
        DnsPlacement place = challenges[0].Placement ?? throw new InvalidOperationException("A challenge is placed before it is published.");
        (DnsAccount account, DomainMapping? mapping) = store.Read(session => (
            session.DnsAccounts.Find(place.DnsAccountId) ?? throw new NotFoundException(ErrorIds.DnsAccountNotFound, $"The DNS account {place.DnsAccount} does not exist any more.")
            {
                Target = place.DnsAccount,
                Remedy = "Get-KmDnsAccount lists the DNS accounts; New-KmDnsAccount makes one.",
            },
            place.MappingId is null ? null : session.DomainMappings.Find(place.MappingId)));
        IDnsProvider provider = providers.Get(account.Provider);
        await provider.ApplyAsync(
            DnsAccess.Context(store, account, mapping, context.Reporter, context.Scripts),
            new HostedZone(place.ZoneId, place.Zone),
            [.. challenges.Select(c => new RecordChange(isRemoval, c.Type.RecordType(), c.Placement!.RecordName, ValueOf(c))).Distinct()],
            cancellationToken).ConfigureAwait(false);
    }
    /// <summary>The value as it is written; that of an alias is a name, which authorities give in any case and with or without a final dot.</summary>
    private static string ValueOf(Challenge challenge) =>
        challenge.Type == ChallengeType.DnsCname ? challenge.Value?.Trim().TrimEnd('.').ToLowerInvariant() ?? "" : challenge.Value ?? "";
}
