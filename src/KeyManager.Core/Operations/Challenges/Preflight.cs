using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Hosting;

namespace KeyManager.Operations;

/// <summary>Looks at the names of an order before the authority does. Advice only: whatever goes wrong here is a finding and no error.</summary>
public sealed class Preflight(KeyManagerPorts ports)
{
    private readonly PublishedProofs _proofs = new(ports);
    private readonly ChallengeRecords _records = new(ports);

    /// <summary>Looks.</summary>
    /// <param name="order">The order, stored or only planned.</param>
    /// <param name="resolver">DNS server to ask; <c>null</c> for the account's setting Resolver, else those of the machine.</param>
    /// <param name="reporter">For steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What was found, the worst first.</returns>
    public async Task<IReadOnlyList<PreflightFinding>> RunAsync(CertificateOrder order, string? resolver, IReporter reporter, CancellationToken cancellationToken)
    {
        Guard.NotNull(order);
        if (ports.Preflight is not IPreflight preflight || ports.Authorities.Get(order.Authority).Description is not { ChallengeTypes.Count: > 0 } about)
        {
            return [];
        }

        resolver ??= _proofs.ResolverOf(order);
        List<PreflightFinding> findings = [];
        (CaaNames names, PreflightFinding? problem) = about.IsBuiltIn ? (new CaaNames([], null), null) : await NamesAsync(order, about, reporter, cancellationToken).ConfigureAwait(false);
        if (problem is not null)
        {
            findings.Add(problem);
        }

        PreflightRequest request = new()
        {
            Subjects = Subjects(order),
            CaaIdentities = names.Identities,
            AccountUri = names.AccountUri,
            IsPublic = !about.IsBuiltIn,
            AnswersItself = order.ListenAddress is not null,
            Resolver = SolverContext.IsNoResolver(resolver) ? null : resolver,
        };
        findings.AddRange(await preflight.RunAsync(request, cancellationToken).ConfigureAwait(false));
        findings.AddRange(await RecordsAsync(order, request.Subjects, request.Resolver, reporter, cancellationToken).ConfigureAwait(false));
        findings.AddRange(await AccountsAsync(order, request.Subjects, reporter, cancellationToken).ConfigureAwait(false));
        return [.. findings.Distinct().OrderByDescending(f => f.Severity)];
    }

    /// <summary>The challenges that would be taken, or what the order says of how it wants to be proved.</summary>
    private IReadOnlyList<PreflightSubject> Subjects(CertificateOrder order)
    {
        IReadOnlyList<Challenge> chosen = _proofs.Choose(order);
        if (order.Challenges.Count == 0)
        {
            return [.. order.DomainNames.Select(name => new PreflightSubject(name, TypeOf(order, name)))];
        }

        return
        [
            .. chosen.Select(c => new PreflightSubject(
                order.DomainNames.FirstOrDefault(n => n.IsWildcard && n.BaseName == c.DomainName.BaseName && !order.DomainNames.Contains(c.DomainName)) is { Ascii.Length: > 0 } wildcard ? wildcard : c.DomainName,
                c.Type,
                c.Type.IsRecord() ? c.Location : null)),
        ];
    }

    private static ChallengeType? TypeOf(CertificateOrder order, DomainName name) =>
        order.ChallengeType ?? (order.WebRootPath is not null ? ChallengeType.Http01 : name.IsWildcard ? ChallengeType.Dns01 : null);

    private async Task<(CaaNames Names, PreflightFinding? Problem)> NamesAsync(
        CertificateOrder order, AuthorityDescription about, IReporter reporter, CancellationToken cancellationToken)
    {
        CaaNames known = new(about.CaaIdentities, null);
        if (ports.Authorities.Get(order.Authority) is not ICaaAbility ability || ports.Store.Read(session => session.Accounts.Find(order.AccountId)) is not AuthorityAccount account)
        {
            return (known, null);
        }

        try
        {
            return (await ability.GetCaaNamesAsync(Lookup.Context(ports.Store, account, reporter), cancellationToken).ConfigureAwait(false), null);
        }
        catch (KeyManagerException error)
        {
            return (known, new PreflightFinding("Caa", about.Title, PreflightSeverity.Warning, $"The authority could not be asked what CAA records have to name: {error.Message}", error.Remedy ?? ""));
        }
    }

    /// <summary>Whether the records of dns-persist-01 stand.</summary>
    private async Task<IReadOnlyList<PreflightFinding>> RecordsAsync(
        CertificateOrder order, IReadOnlyList<PreflightSubject> subjects, string? resolver, IReporter reporter, CancellationToken cancellationToken)
    {
        List<PreflightFinding> findings = [];
        if (ports.Authorities.Get(order.Authority) is not IRecordAbility || ports.Store.Read(session => session.Accounts.Find(order.AccountId)) is not AuthorityAccount account)
        {
            return findings;
        }

        foreach (PreflightSubject subject in subjects.Where(s => s.Type == ChallengeType.DnsPersist01))
        {
            try
            {
                findings.Add(await _records.FindAsync(account, subject.Name, resolver, reporter, cancellationToken).ConfigureAwait(false));
            }
            catch (KeyManagerException error)
            {
                findings.Add(new PreflightFinding("PersistRecord", subject.Name.Ascii, PreflightSeverity.Warning, error.Message, error.Remedy ?? ""));
            }
        }

        return findings;
    }

    private async Task<IReadOnlyList<PreflightFinding>> AccountsAsync(
        CertificateOrder order, IReadOnlyList<PreflightSubject> subjects, IReporter reporter, CancellationToken cancellationToken)
    {
        // Where the record of any other kind will be is known only once it is ordered; that of dns-persist-01 stands already.
        List<ProofRecord> records =
        [
            .. subjects.Where(s => s.Type is ChallengeType.Dns01 or ChallengeType.DnsAccount01 || (s.RecordName is not null && s.Type is ChallengeType.DnsCname or ChallengeType.DnsTxt))
                .Select(s => new ProofRecord(s.Name, s.RecordName ?? "_acme-challenge." + s.Name.BaseName, s.Type!.Value.RecordType()))
                .GroupBy(r => r.Name, StringComparer.OrdinalIgnoreCase).Select(g => g.First()),
        ];
        if (ports.DnsAccounts is null || records.Count == 0)
        {
            return [];
        }

        try
        {
            return await ports.DnsAccounts.CheckAsync(order, records, reporter, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyManagerException error)
        {
            return [new PreflightFinding("DnsAccount", order.Name, PreflightSeverity.Warning, error.Message, error.Remedy ?? "")];
        }
    }
}
