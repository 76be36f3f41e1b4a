using System.Collections.Generic;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>Offers the kinds of deployment target.</summary>
public sealed class DeployKindCompleter : FixedCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> Candidates => CompositionRoot.DeployKinds.Select(k => new CompletionCandidate(k.Name, k.Title));
}
