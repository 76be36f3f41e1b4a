using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services;

/// <summary>Keeps what was found out with an account, such as its zones or a token, as long as the account is not changed and the time is not over. Several askers at once ask once.</summary>
internal sealed class AccountCache<T>(Clock clock)
{
    private readonly ConcurrentDictionary<(string Account, DateTimeOffset Changed, string Key), Entry> _entries = new();

    /// <summary>What is kept, or what <paramref name="find"/> finds now and how long that is good.</summary>
    /// <param name="context">The account.</param>
    /// <param name="key">What it is about.</param>
    /// <param name="find">Finds it. A failure is not kept.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<T> GetAsync(DnsContext context, string key, Func<Task<(T Value, TimeSpan GoodFor)>> find, CancellationToken cancellationToken)
    {
        Entry entry = _entries.GetOrAdd((context.Account.Id, context.Account.UpdatedAt, key), _ => new Entry());
        await entry.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (entry.Until <= clock.UtcNow)
            {
                (T value, TimeSpan goodFor) = await find().ConfigureAwait(false);
                entry.Value = value;
                entry.Until = clock.UtcNow + goodFor;
            }

            return entry.Value!; // was set together with the time
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>Forgets it: it turned out to be wrong.</summary>
    public void Forget(DnsContext context, string key) => _entries.TryRemove((context.Account.Id, context.Account.UpdatedAt, key), out _);

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public T? Value { get; set; }

        public DateTimeOffset Until { get; set; } = DateTimeOffset.MinValue;
    }
}
