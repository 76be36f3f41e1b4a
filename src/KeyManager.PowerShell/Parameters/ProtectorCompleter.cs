using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the ids of the key protectors of the store.</summary>
public sealed class ProtectorCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Store.Protection.List().Select(p => new CompletionCandidate(p.Id, $"{p.Name} ({p.Kind})"));
}
