using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.PowerShell;

/// <summary>Offers orders by the name of their entry, which means the newest, and by their id.</summary>
public sealed class OrderCompleter : StoreCompleter
{
    // As many as a Tab can sensibly go through.
    private const int Most = 500;

    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Store.Stream(new OrderQuery()).Take(Most).SelectMany(o => new[]
        {
            new CompletionCandidate(o.Name, $"newest order of the entry: {o.Status}, {o.CreatedAt:yyyy-MM-dd}"),
            new CompletionCandidate(o.Id, $"{o.Name}: {o.Status}, {o.CreatedAt:yyyy-MM-dd}"),
        });
}
