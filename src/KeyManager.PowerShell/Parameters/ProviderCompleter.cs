using System.Collections.Generic;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the DNS services and of the kinds of deployment target.</summary>
public sealed class ProviderCompleter : FixedCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> Candidates =>
        CompositionRoot.DnsServices.Concat<ProviderDescription>(CompositionRoot.DeployKinds).Select(p => new CompletionCandidate(p.Name, p.Title));
}
