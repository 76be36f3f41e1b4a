using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.PowerShell;

/// <summary>Offers the ids of the stored private keys, newest first.</summary>
public sealed class PrivateKeyCompleter : StoreCompleter
{
    // As many as a Tab can sensibly go through.
    private const int Most = 500;

    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Keys.List(null).Take(Most).Select(k => new CompletionCandidate(k.Id, $"{k.Name}: {k.KeySpec}"));
}
