using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Keeps what authorities know about accounts: groups, organizations, domains, products. What an authority no longer lists is marked and stays.</summary>
public sealed class ManageDirectory(KeyManagerPorts ports)
{
    /// <summary>Orders ask again for what is older.</summary>
    public static TimeSpan KeepTime { get; } = TimeSpan.FromDays(7);

    private static readonly DirectoryScope[] Parts = [DirectoryScope.Group, DirectoryScope.Organization, DirectoryScope.Domain];

    private readonly ManageCatalog _catalog = new(ports);

    /// <summary>The groups of an account, or of all.</summary>
    public IReadOnlyList<AuthorityGroup> ListGroups(string? account) => List(account, (store, owner) => store.Groups(owner.Id).Select(g => g with { Account = owner.Name }));

    /// <summary>The organizations that authorities keep, of an account or of all.</summary>
    public IReadOnlyList<Organization> ListOrganizations(string? account) => List(account, (store, owner) => store.Organizations(owner.Id).Select(o => o with { Account = owner.Name }));

    /// <summary>The domains of an account, or of all.</summary>
    public IReadOnlyList<AuthorityDomain> ListDomains(string? account) => List(account, (store, owner) => store.Domains(owner.Id).Select(d => d with { Account = owner.Name }));

    /// <summary>Asks the authority for parts of the directory, and stores them.</summary>
    /// <exception cref="InvalidRequestException">KmAuthorityCannot: it has none of the parts.</exception>
    public async Task SyncAsync(string account, DirectoryScope scope, IReporter reporter, CancellationToken cancellationToken)
    {
        AuthorityAccount owner = ports.Store.Read(session => Lookup.UsableAccount(session, account));
        ICertificateAuthority authority = ports.Authorities.Get(owner.Authority);
        bool all = scope == DirectoryScope.All;
        DirectoryScope kept = scope & ~DirectoryScope.Product;
        if (kept != DirectoryScope.None && (!all || authority is IDirectoryAbility))
        {
            IDirectoryAbility ability = ports.Authorities.Require<IDirectoryAbility>(authority, "list groups, organizations and domains");
            await FetchAsync(ability, owner, kept, reporter, cancellationToken).ConfigureAwait(false);
        }

        // After the groups, which decide what may be ordered.
        if (scope.HasFlag(DirectoryScope.Product) && (!all || authority is ICatalogAbility || authority is not IDirectoryAbility))
        {
            _ = await _catalog.FetchAsync(owner.Id, reporter, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>For a new account with a directory: fetches all of it. That it cannot be had now does no harm to the account.</summary>
    public async Task LinkAsync(string account, IReporter reporter, CancellationToken cancellationToken)
    {
        AuthorityAccount owner = ports.Store.Read(session => Lookup.UsableAccount(session, account));
        if (ports.Authorities.Get(owner.Authority) is not IDirectoryAbility)
        {
            return;
        }

        try
        {
            await SyncAsync(owner.Id, DirectoryScope.All, reporter, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyManagerException error) when (error is not StoreException)
        {
            reporter.Warn($"The account {owner} is made; what {owner.Authority} keeps for it could not be fetched: {error.Message} Sync-KmAccount {owner.Name} tries again.");
        }
    }

    /// <summary>Where an order would be placed with an account that has a directory, makes sure that it is here and no older than a week.</summary>
    public async Task PrepareAsync(string? account, IReporter reporter, CancellationToken cancellationToken)
    {
        AuthorityAccount owner = ports.Store.Read(session => Lookup.UsableAccount(session, account));
        if (ports.Authorities.Get(owner.Authority) is IDirectoryAbility ability)
        {
            List<DateTimeOffset?> fetched = ports.Store.Read(session => Parts.Select(p => session.Directory.FetchedAt(owner.Id, p)).ToList());
            DirectoryScope stale = Parts.Where((_, i) => !(fetched[i] is DateTimeOffset at && ports.Clock.UtcNow - at < KeepTime)).Aggregate(DirectoryScope.None, (all, part) => all | part);
            try
            {
                if (stale != DirectoryScope.None)
                {
                    await FetchAsync(ability, owner, stale, reporter, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (KeyManagerException error) when (fetched.TrueForAll(f => f is not null) && error is TransportException or RateLimitException)
            {
                reporter.Warn($"What {owner.Authority} keeps for {owner} is from {fetched.Min():yyyy-MM-dd HH:mm} UTC; it cannot be asked for now: {error.Message}");
            }
        }

        await _catalog.PrepareAsync(account, reporter, cancellationToken).ConfigureAwait(false);
    }

    private async Task FetchAsync(IDirectoryAbility ability, AuthorityAccount owner, DirectoryScope scope, IReporter reporter, CancellationToken cancellationToken)
    {
        reporter.Verbose($"Asking {owner.Authority} for what it keeps for {owner}: {scope}.");
        AccountDirectory known = ports.Store.Read(session => Known(session, owner.Id));
        AccountDirectory fresh = await ability.GetDirectoryAsync(Lookup.Context(ports.Store, owner, reporter), scope, known, cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = ports.Clock.UtcNow;
        ports.Store.Write(
            session =>
            {
                AccountDirectory before = Known(session, owner.Id);
                AccountDirectory merged = new()
                {
                    Groups = Merge(before.Groups, fresh.Groups, AccountDirectory.KeyOf, g => g with { Account = owner.Name, FetchedAt = now, MissingSince = null }, g => g with { MissingSince = g.MissingSince ?? now }),
                    Organizations = Merge(
                        before.Organizations, fresh.Organizations, AccountDirectory.KeyOf,
                        o => o with { Account = owner.Name, FetchedAt = now, MissingSince = null }, o => o with { MissingSince = o.MissingSince ?? now }),
                    Domains = Merge(
                        before.Domains, fresh.Domains, AccountDirectory.KeyOf,
                        d => d with { Account = owner.Name, FetchedAt = now, MissingSince = null }, d => d with { MissingSince = d.MissingSince ?? now }),
                };
                session.Directory.Replace(owner.Id, merged, now);
            },
            Durability.Deferred);
    }

    private static AccountDirectory Known(IStoreSession session, string accountId) => new()
    {
        Groups = session.Directory.Groups(accountId),
        Organizations = session.Directory.Organizations(accountId),
        Domains = session.Directory.Domains(accountId),
    };

    private static IReadOnlyList<T>? Merge<T>(IReadOnlyList<T>? before, IReadOnlyList<T>? fresh, Func<T, string> key, Func<T, T> stamp, Func<T, T> mark)
    {
        if (fresh is null)
        {
            return null;
        }

        HashSet<string> there = new(fresh.Select(key), StringComparer.OrdinalIgnoreCase);
        return [.. fresh.GroupBy(key, StringComparer.OrdinalIgnoreCase).Select(g => stamp(g.First())), .. (before ?? []).Where(b => !there.Contains(key(b))).Select(mark)];
    }

    private IReadOnlyList<T> List<T>(string? account, Func<IDirectoryStore, AuthorityAccount, IEnumerable<T>> read) => ports.Store.Read(session =>
    {
        IReadOnlyList<AuthorityAccount> owners = account is null ? session.Accounts.List() : [Lookup.Account(session, account)];
        return owners.SelectMany(a => read(session.Directory, a)).ToList();
    });
}
