using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.PowerShell;

/// <summary>Offers the stored private keys, by name and by id.</summary>
public sealed class PrivateKeyCompleter : StoreCompleter
{
    // As many as a Tab can sensibly go through.
    private const int Most = 500;

    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Keys.List(null).Take(Most).SelectMany(k => new[]
        {
            new CompletionCandidate(k.Name, $"{k.KeySpec}, {k.CreatedAt:yyyy-MM-dd}"),
            new CompletionCandidate(k.Id, $"{k.Name}: {k.KeySpec}, {k.CreatedAt:yyyy-MM-dd}"),
        });
}
