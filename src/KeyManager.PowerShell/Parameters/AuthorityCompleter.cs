using System.Collections.Generic;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the authorities.</summary>
public sealed class AuthorityCompleter : FixedCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> Candidates =>
        CompositionRoot.Authorities.Select(a => new CompletionCandidate(a.Name, a.Title));
}
