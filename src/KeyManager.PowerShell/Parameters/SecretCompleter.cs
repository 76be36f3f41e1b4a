using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the stored secrets.</summary>
public sealed class SecretCompleter : StoreCompleter
{
    // As many as a Tab can sensibly go through.
    private const int Most = 500;

    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Secrets.List([]).Take(Most).Select(s => new CompletionCandidate(s.Name, s.VaultName is null ? $"{s.Kind}" : $"{s.Kind}, in the vault {s.VaultName}"));
}
