using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;

namespace KeyManager.Tests.Dns;

/// <summary>Aliases that the test makes.</summary>
internal sealed class FakeAliases : IAliasLookup
{
    public Dictionary<string, string> Targets { get; } = [];

    /// <summary>Whom it was told to ask.</summary>
    public List<string?> Resolvers { get; } = [];

    public Task<IReadOnlyList<string>> FollowAsync(string name, string? resolver, CancellationToken cancellationToken)
    {
        lock (Resolvers)
        {
            Resolvers.Add(resolver);
        }

        List<string> chain = [name];
        while (Targets.TryGetValue(chain.Last(), out string? next))
        {
            chain.Add(next);
        }

        return Task.FromResult<IReadOnlyList<string>>(chain);
    }
}
