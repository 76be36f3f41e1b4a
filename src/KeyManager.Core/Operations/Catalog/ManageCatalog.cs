using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>The catalogues of accounts: fetched when they are needed, and kept for a day.</summary>
public sealed class ManageCatalog(KeyManagerPorts ports)
{
    /// <summary>After this time prices and products are asked for again.</summary>
    public static TimeSpan KeepTime { get; } = TimeSpan.FromDays(1);

    /// <summary>What is stored of the catalogue of an account; empty when it was never fetched.</summary>
    public IReadOnlyList<Product> List(string accountId) => ports.Store.Read(session => session.Products.List(accountId));

    /// <summary>The catalogue of an account, asked for when there is none or it is older than a day. One that is older is used where the authority does not answer.</summary>
    /// <exception cref="InvalidRequestException">KmAuthorityCannot: it has no catalogue.</exception>
    public async Task<IReadOnlyList<Product>> GetAsync(string? account, IReporter reporter, CancellationToken cancellationToken)
    {
        AuthorityAccount owner = ports.Store.Read(session => Lookup.UsableAccount(session, account));
        IReadOnlyList<Product> known = List(owner.Id);
        if (known.Count > 0 && ports.Clock.UtcNow - known[0].FetchedAt < KeepTime)
        {
            return known;
        }

        try
        {
            return await FetchAsync(owner.Id, reporter, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyManagerException error) when (known.Count > 0 && error is TransportException or RateLimitException)
        {
            reporter.Warn($"The catalogue of {owner} is from {known[0].FetchedAt:yyyy-MM-dd HH:mm} UTC; it cannot be asked for now: {error.Message}");
            return known;
        }
    }

    /// <summary>Where an order would be placed with an account that has a catalogue, makes sure that it is here.</summary>
    public async Task PrepareAsync(string? account, IReporter reporter, CancellationToken cancellationToken)
    {
        AuthorityAccount owner = ports.Store.Read(session => Lookup.UsableAccount(session, account));
        if (ports.Authorities.Get(owner.Authority) is ICatalogAbility)
        {
            _ = await GetAsync(owner.Id, reporter, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for the catalogue and stores it.</summary>
    public async Task<IReadOnlyList<Product>> FetchAsync(string? account, IReporter reporter, CancellationToken cancellationToken)
    {
        AuthorityAccount owner = ports.Store.Read(session => Lookup.UsableAccount(session, account));
        ICatalogAbility ability = ports.Authorities.Require<ICatalogAbility>(ports.Authorities.Get(owner.Authority), "list products");
        reporter.Verbose($"Fetching the catalogue of {owner}.");
        IReadOnlyList<Product> products = await ability.GetProductsAsync(Lookup.Context(ports.Store, owner, reporter), cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = ports.Clock.UtcNow;
        return ports.Store.Write(
            session =>
            {
                HashSet<string> offered = new(products.Select(p => p.Code), StringComparer.OrdinalIgnoreCase);
                List<Product> gone = [.. session.Products.List(owner.Id).Where(p => !offered.Contains(p.Code)).Select(p => p with { FetchedAt = now, MissingSince = p.MissingSince ?? now })];
                session.Products.Replace(owner.Id, products.Select(p => p with { Account = owner.Name, FetchedAt = now, MissingSince = null }).Concat(gone));
                return session.Products.List(owner.Id);
            },
            Durability.Deferred);
    }
}
