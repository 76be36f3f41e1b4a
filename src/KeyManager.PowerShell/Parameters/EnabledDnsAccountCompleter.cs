using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the DNS accounts that are switched on.</summary>
public sealed class EnabledDnsAccountCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.DnsAccounts.List().Where(a => a.Enabled).Select(a => new CompletionCandidate(a.Name, a.Provider));
}
