using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the renewal policies.</summary>
public sealed class RenewalPolicyCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.RenewalPolicies.List().Select(p => new CompletionCandidate(p.Name, p.IsEnabled ? "renewal policy" : "renewal policy, switched off"));
}
