using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the accounts.</summary>
public sealed class AccountCompleter : StoreCompleter
{
    // As many as a Tab can sensibly go through.
    private const int Most = 500;

    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Store.Read(s => s.Accounts.List()).Take(Most).Select(a => new CompletionCandidate(a.Name, $"{a.Authority}{(a.IsDefault ? ", default" : "")}"));
}
