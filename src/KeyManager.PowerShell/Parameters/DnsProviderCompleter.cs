using System.Collections.Generic;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the DNS services.</summary>
public sealed class DnsProviderCompleter : FixedCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> Candidates => CompositionRoot.DnsServices.Select(p => new CompletionCandidate(p.Name, p.Title));
}
