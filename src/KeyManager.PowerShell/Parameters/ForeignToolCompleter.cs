using System.Collections.Generic;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>Offers the programs that certificates can be taken over from.</summary>
public sealed class ForeignToolCompleter : FixedCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> Candidates => CompositionRoot.ForeignTools.Select(t => new CompletionCandidate(t.Name, string.Join(", ", t.Folders)));
}
