using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the vendors of the products in the stored catalogues.</summary>
public sealed class VendorCompleter : CatalogCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters)
    {
        // What is typed here must not narrow what is offered here.
        Hashtable others = new(boundParameters);
        others.Remove("Vendor");
        return Products(services, others).GroupBy(p => p.Vendor).Select(g => new CompletionCandidate(g.Key, $"{g.Count()} products"));
    }
}
