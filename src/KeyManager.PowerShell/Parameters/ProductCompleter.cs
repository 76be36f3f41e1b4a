using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the codes of the products in the stored catalogues.</summary>
public sealed class ProductCompleter : CatalogCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        Products(services, boundParameters).Select(p => new CompletionCandidate(p.Code, $"{p.Name}: {p.Vendor}, {p.ValidationType}"));
}
