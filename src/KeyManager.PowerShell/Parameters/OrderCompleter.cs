using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.PowerShell;

/// <summary>Offers the ids of the orders, newest first.</summary>
public sealed class OrderCompleter : StoreCompleter
{
    // As many as a Tab can sensibly go through.
    private const int Most = 500;

    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Store.Stream(new OrderQuery()).Take(Most).Select(o => new CompletionCandidate(o.Id, $"{o.Name}: {o.Status}, {o.CreatedAt:yyyy-MM-dd}"));
}
