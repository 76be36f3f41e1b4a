using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Dns;

/// <summary>
/// Finds out which account writes a record, in which zone and at which name. The account that the order names goes first, then the one that the mapping of the domain names, then
/// the one whose zones hold the name. Where a CNAME leads elsewhere, the record is written there.
/// </summary>
public sealed class DnsPlacer(IStore store, DnsProviderRegistry providers, IAliasLookup aliases)
{
    private const int AtOnce = 8;

    /// <summary>Whether there is any account that could.</summary>
    /// <param name="dnsAccount">Name or id of the account that the order names; <c>null</c> for none.</param>
    /// <param name="name">The name to be proved.</param>
    public bool MayPlace(string? dnsAccount, DomainName name) => dnsAccount is not null || store.Read(session =>
        session.DnsAccounts.List() is { Count: > 0 } accounts
        && (DnsAccess.MappingOf(session.DomainMappings.List(), name.BaseName)?.DnsAccount is not null || accounts.Any(providers.IsAutomatic)));

    /// <summary>The place of each record, in their order.</summary>
    /// <param name="dnsAccount">Name or id of the account that the order names; <c>null</c> for none.</param>
    /// <param name="records">The records that prove names.</param>
    /// <param name="resolver">DNS server to ask for aliases; <c>null</c> asks the machine's, <see cref="SolverContext.NoResolver"/> too.</param>
    /// <param name="reporter">For warnings.</param>
    /// <param name="scripts">Runs scripts; <c>null</c> where no PowerShell is at hand.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="NotFoundException">KmDnsAccountNotFound; KmDnsZoneNotFound: no account holds the name, with what was tried.</exception>
    /// <exception cref="ConflictException">KmDnsAccountDisabled; KmDnsZoneAmbiguous: two accounts hold the same zone.</exception>
    /// <exception cref="ChallengeException">KmDnsAliasLoop.</exception>
    public async Task<IReadOnlyList<DnsPlacement>> FindAsync(
        string? dnsAccount, IReadOnlyList<ProofRecord> records, string? resolver, IReporter reporter, IScriptRunner? scripts, CancellationToken cancellationToken)
    {
        Plan plan = store.Read(session => new Plan(
            dnsAccount is null ? null : DnsAccess.UsableAccount(session, dnsAccount), session.DnsAccounts.List(), session.DomainMappings.List()));
        ZoneSearch search = new(store, providers, reporter, scripts);
        search.Expect(records.Select(r => Canonical(r.Name)));
        List<(ProofRecord Record, DnsAccount? Account)> owners = [];
        foreach (ProofRecord record in records.Select(r => r with { Name = Canonical(r.Name) }))
        {
            owners.Add((record, await OwnerAsync(plan, record, search, cancellationToken).ConfigureAwait(false)));
        }

        IReadOnlyList<Wish> wishes = await Concurrent.SelectAsync(
            owners, AtOnce, o => FollowAsync(plan, o.Record, o.Account, resolver, cancellationToken), cancellationToken).ConfigureAwait(false);
        search.Expect(wishes.SelectMany(w => new[] { w.Owner, w.End }));
        List<DnsPlacement> places = [];
        foreach (Wish wish in wishes)
        {
            places.Add(await PlaceAsync(plan, wish, search, reporter, cancellationToken).ConfigureAwait(false));
        }

        return places;
    }

    private static async Task<DnsPlacement> PlaceAsync(Plan plan, Wish wish, ZoneSearch search, IReporter reporter, CancellationToken cancellationToken)
    {
        if (wish.End != wish.Owner)
        {
            // Where an alias leads may be another account's, whatever the order says of the name itself.
            DnsPlacement? there = await TryAsync(plan.Named, wish.Mapping, wish.End).ConfigureAwait(false)
                ?? await TryAsync(plan.AccountOf(wish.Mapping), wish.Mapping, wish.End).ConfigureAwait(false)
                ?? await TryAsync(plan.AccountOf(plan.MappingOf(wish.End)), plan.MappingOf(wish.End), wish.End).ConfigureAwait(false)
                ?? await FindAsync(plan, wish.End, search, new List<string>(), cancellationToken).ConfigureAwait(false);
            if (there is not null)
            {
                reporter.Verbose($"{wish.Owner} leads to {wish.End}; the record is written there.");
                return there;
            }

            if (wish.Follow == DnsSettings.Always)
            {
                throw new ChallengeException(ErrorIds.DnsAliasLoop, $"{wish.Owner} leads to {wish.End}, which lies in no zone of a DNS account.")
                {
                    Target = wish.End,
                    Remedy = "Make a DNS account for the zone it leads to, or set FollowAlias of the account to Auto or Never.",
                };
            }

            reporter.Warn($"{wish.Owner} is an alias for {wish.End}, which lies in no zone of a DNS account; the record is written at {wish.Owner} itself. "
                + "Where the alias is meant, make a DNS account for the zone it leads to.");
        }

        if ((plan.Named ?? plan.AccountOf(wish.Mapping)) is DnsAccount account)
        {
            return await TryAsync(account, wish.Mapping, wish.Owner).ConfigureAwait(false) ?? throw NotFound(
                $"The DNS account {account} has no zone that holds {wish.Owner}; looked for {string.Join(", ", Suffixes(wish.Owner))}.",
                wish.Owner,
                $"Look which zones the credentials reach: Test-KmDnsAccount {account.Name} -DomainName {wish.Name.BaseName}; or name another account.");
        }

        List<string> tried = [];
        return await FindAsync(plan, wish.Owner, search, tried, cancellationToken).ConfigureAwait(false) ?? throw NotFound(
            $"No DNS account has a zone that holds {wish.Owner}. Looked for {string.Join(", ", Suffixes(wish.Owner))}: {(tried.Count == 0 ? "there is no account that is switched on and knows its zones" : string.Join("; ", tried))}.",
            wish.Owner,
            "Make an account for its zone with New-KmDnsAccount, or name one: -DnsAccount, Set-KmDomainMapping.");

        async Task<DnsPlacement?> TryAsync(DnsAccount? candidate, DomainMapping? mapping, string name)
        {
            DomainMapping? own = candidate is not null && mapping?.HasOverrides == true && plan.AccountOf(mapping)?.Id == candidate.Id ? mapping : null;
            return candidate is not null && await search.InAsync(candidate, own, name, cancellationToken).ConfigureAwait(false) is HostedZone zone ? Placement(candidate, own, zone, name) : null;
        }
    }

    /// <summary>The account whose zones hold the name; the longest zone wins.</summary>
    private static async Task<DnsPlacement?> FindAsync(Plan plan, string name, ZoneSearch search, List<string> tried, CancellationToken cancellationToken)
    {
        List<(DnsAccount Account, HostedZone Zone)> found = [];
        foreach (DnsAccount account in search.Automatic(plan.Accounts))
        {
            try
            {
                if (await search.InAsync(account, null, name, cancellationToken).ConfigureAwait(false) is HostedZone zone)
                {
                    found.Add((account, zone));
                }
                else
                {
                    tried.Add($"{account} has no such zone");
                }
            }
            catch (KeyManagerException error)
            {
                // An account that has nothing to do with the name must not stand in its way.
                tried.Add($"{account} could not be asked ({error.Message.TrimEnd('.')})");
            }
        }

        List<(DnsAccount Account, HostedZone Zone)> best = [.. found.Where(f => f.Zone.Name.Length == found.Max(o => o.Zone.Name.Length))];
        return best.Count switch
        {
            0 => null,
            1 => Placement(best[0].Account, null, best[0].Zone, name),
            _ => throw new ConflictException(
                ConflictKind.State, ErrorIds.DnsZoneAmbiguous, $"The zone {best[0].Zone.Name} of {name} is held by several DNS accounts: {string.Join(", ", best.Select(b => b.Account.Name))}.")
            {
                Target = name,
                Remedy = $"Say which one: -DnsAccount with the order, or Set-KmDomainMapping {best[0].Zone.Name} -DnsAccount {best[0].Account.Name}.",
            },
        };
    }

    /// <summary>The account that answers for the name itself: how aliases are followed is its to say. <c>null</c> when there is none, or several.</summary>
    private static async Task<DnsAccount?> OwnerAsync(Plan plan, ProofRecord record, ZoneSearch search, CancellationToken cancellationToken)
    {
        if ((plan.Named ?? plan.AccountOf(plan.MappingOf(record.Domain.BaseName))) is DnsAccount said)
        {
            return said;
        }

        try
        {
            DnsPlacement? place = await FindAsync(plan, record.Name, search, [], cancellationToken).ConfigureAwait(false);
            return plan.Accounts.FirstOrDefault(a => a.Id == place?.DnsAccountId);
        }
        catch (ConflictException)
        {
            return null; // told when it comes to writing there
        }
    }

    private async Task<Wish> FollowAsync(Plan plan, ProofRecord record, DnsAccount? account, string? resolver, CancellationToken cancellationToken)
    {
        (DomainName name, string recordName, DnsRecordType type) = record;
        DomainMapping? mapping = plan.MappingOf(name.BaseName);
        if (type == DnsRecordType.CName)
        {
            return new Wish(name, mapping, recordName, recordName, DnsSettings.Never); // it is an alias itself: nothing else can stand at the name, or take its place
        }

        if (mapping?.RecordName is string given)
        {
            return new Wish(name, mapping, given, given, DnsSettings.Never);
        }

        string follow = account?.Settings.TryGetValue(DnsSettings.FollowAlias, out string? setting) == true ? setting : DnsSettings.Auto;
        if (follow == DnsSettings.Never)
        {
            return new Wish(name, mapping, recordName, recordName, follow);
        }

        resolver ??= account?.Settings.TryGetValue(DnsSettings.Resolver, out string? own) == true && own.Length > 0 ? own : null;
        string? server = SolverContext.IsNoResolver(resolver) ? null : resolver;
        IReadOnlyList<string> chain = await aliases.FollowAsync(recordName, server, cancellationToken).ConfigureAwait(false);
        return new Wish(name, mapping, recordName, Canonical(chain[chain.Count - 1]), follow);
    }

    private static DnsPlacement Placement(DnsAccount account, DomainMapping? mapping, HostedZone zone, string name) => new()
    {
        DnsAccountId = account.Id,
        DnsAccount = account.Name,
        MappingId = mapping?.Id,
        ZoneId = zone.Id,
        Zone = zone.Name,
        RecordName = name,
    };

    private static NotFoundException NotFound(string message, string name, string remedy) => new(ErrorIds.DnsZoneNotFound, message) { Target = name, Remedy = remedy };

    private static string Canonical(string name) => name.Trim().TrimEnd('.').ToLowerInvariant();

    // What a zone can be called that holds the name; the top-level domain alone is nobody's.
    private static IEnumerable<string> Suffixes(string name)
    {
        string[] labels = name.Split('.');
        return Enumerable.Range(0, Math.Max(1, labels.Length - 1)).Select(i => string.Join(".", labels.Skip(i)));
    }

    /// <summary>What is stored.</summary>
    private sealed record Plan(DnsAccount? Named, IReadOnlyList<DnsAccount> Accounts, IReadOnlyList<DomainMapping> Mappings)
    {
        public DomainMapping? MappingOf(string name) => DnsAccess.MappingOf(Mappings, name);

        /// <exception cref="NotFoundException">KmDnsAccountNotFound.</exception>
        /// <exception cref="ConflictException">KmDnsAccountDisabled.</exception>
        public DnsAccount? AccountOf(DomainMapping? mapping)
        {
            if (mapping?.DnsAccount is not string name)
            {
                return null;
            }

            DnsAccount? account = Accounts.FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase));
            return account switch
            {
                null => throw new NotFoundException(ErrorIds.DnsAccountNotFound, $"The mapping of {mapping} names the DNS account '{name}', which does not exist.")
                {
                    Target = name,
                    Remedy = $"Make it with New-KmDnsAccount, or change the mapping: Set-KmDomainMapping {mapping} -DnsAccount ...",
                },
                { Enabled: false } => throw new ConflictException(ConflictKind.State, ErrorIds.DnsAccountDisabled, $"The DNS account {account}, which the mapping of {mapping} names, is switched off.")
                {
                    Target = account.Name,
                    Remedy = $"Switch it on: Enable-KmDnsAccount {account.Name}; or change the mapping.",
                },
                _ => account,
            };
        }
    }

    /// <summary>A record that wants a place.</summary>
    /// <param name="Name">The name to be proved.</param>
    /// <param name="Mapping">The mapping of that name.</param>
    /// <param name="Owner">Name of the record.</param>
    /// <param name="End">Where its aliases lead; the same without any.</param>
    /// <param name="Follow">Always, Never, Auto.</param>
    private sealed record Wish(DomainName Name, DomainMapping? Mapping, string Owner, string End, string Follow);

    /// <summary>The zones of accounts, each account asked once for all names that are expected.</summary>
    private sealed class ZoneSearch(IStore store, DnsProviderRegistry providers, IReporter reporter, IScriptRunner? scripts)
    {
        private readonly HashSet<string> _expected = new(StringComparer.Ordinal);
        private readonly Dictionary<(string, string?, string), Task<IReadOnlyDictionary<string, HostedZone>>> _asked = [];

        public void Expect(IEnumerable<string> names) => _expected.UnionWith(names);

        public IEnumerable<DnsAccount> Automatic(IEnumerable<DnsAccount> accounts) => accounts.Where(providers.IsAutomatic);

        /// <summary>The zone of the account that holds the name. What failed once fails again without a question.</summary>
        public async Task<HostedZone?> InAsync(DnsAccount account, DomainMapping? mapping, string name, CancellationToken cancellationToken)
        {
            if (!_asked.TryGetValue((account.Id, mapping?.Id, name), out Task<IReadOnlyDictionary<string, HostedZone>>? asked))
            {
                List<string> names = [.. _expected.Where(n => !_asked.ContainsKey((account.Id, mapping?.Id, n)))];
                asked = providers.Get(account.Provider).FindZonesAsync(DnsAccess.Context(store, account, mapping, reporter, scripts), names, cancellationToken);
                foreach (string one in names)
                {
                    _asked[(account.Id, mapping?.Id, one)] = asked;
                }
            }

            return (await asked.ConfigureAwait(false)).TryGetValue(name, out HostedZone? zone) ? zone : null;
        }
    }
}
