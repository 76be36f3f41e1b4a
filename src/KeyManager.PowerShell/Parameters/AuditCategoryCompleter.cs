using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.PowerShell;

/// <summary>Offers the areas of the audit trail.</summary>
public sealed class AuditCategoryCompleter : FixedCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> Candidates => AuditCategories.All.Select(c => new CompletionCandidate(c, $"lines about {c}"));
}
