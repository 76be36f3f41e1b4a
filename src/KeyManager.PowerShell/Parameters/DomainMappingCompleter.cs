using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the domains that have a mapping.</summary>
public sealed class DomainMappingCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.DomainMappings.List().Select(m => new CompletionCandidate(m.DomainName, m.DnsAccount ?? m.RecordName));
}
