using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.PowerShell;

/// <summary>Offers the domain names that certificates and orders of the store hold.</summary>
public sealed class DomainNameCompleter : StoreCompleter
{
    // As many as a Tab can sensibly go through.
    private const int Most = 500;

    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Store.Stream(new CertificateQuery()).Take(Most).SelectMany(c => c.DomainNames.Select(n => new CompletionCandidate(n.ToString(), c.Name)))
            .Concat(services.Store.Stream(new OrderQuery()).Take(Most).SelectMany(o => o.DomainNames.Select(n => new CompletionCandidate(n.ToString(), o.Name))));
}
