using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the stored contacts.</summary>
public sealed class ContactCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Presets.ListContacts().Select(c => new CompletionCandidate(c.Name, $"{c.FirstName} {c.LastName}, {c.Email}"));
}
