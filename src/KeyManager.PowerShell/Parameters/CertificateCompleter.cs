using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the inventory.</summary>
public sealed class CertificateCompleter : StoreCompleter
{
    // As many as a Tab can sensibly go through.
    private const int Most = 500;

    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Store.Stream(new CertificateQuery()).Take(Most).Select(c => new CompletionCandidate(c.Name, $"{c.Issuer}, until {c.NotAfter:yyyy-MM-dd}"));
}
