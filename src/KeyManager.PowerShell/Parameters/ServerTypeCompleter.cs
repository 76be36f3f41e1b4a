using System.Collections.Generic;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>Offers the programs that authorities know as users of their certificates.</summary>
public sealed class ServerTypeCompleter : FixedCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> Candidates => CompositionRoot.Authorities.SelectMany(a => a.ServerTypes.Select(t => new CompletionCandidate(t, a.Title)));
}
