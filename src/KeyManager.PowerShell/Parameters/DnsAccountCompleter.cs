using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the DNS accounts.</summary>
public sealed class DnsAccountCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.DnsAccounts.List().Select(a => new CompletionCandidate(a.Name, a.Provider + (a.Enabled ? "" : ", switched off")));
}
