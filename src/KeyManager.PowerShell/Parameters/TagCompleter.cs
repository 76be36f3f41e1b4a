using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the tags that certificates and orders have.</summary>
public sealed class TagCompleter : StoreCompleter
{
    // As many as a Tab can sensibly go through.
    private const int Most = 500;

    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Labels.List(LabelKind.Tag, Most).Select(label => new CompletionCandidate(label, label));
}
