using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the deployment targets.</summary>
public sealed class DeployTargetCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.DeployTargets.List().Select(t => new CompletionCandidate(t.Name, t.Kind));
}
