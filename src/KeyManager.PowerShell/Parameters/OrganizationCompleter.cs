using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the stored organizations.</summary>
public sealed class OrganizationCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Presets.ListOrganizations().Concat(services.Directory.ListOrganizations(null)).Select(o => new CompletionCandidate(o.Name, o.LegalName));
}
