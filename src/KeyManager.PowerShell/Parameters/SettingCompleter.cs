using System.Collections.Generic;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the settings of the store.</summary>
public sealed class SettingCompleter : FixedCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> Candidates =>
        StoreSettings.All.Select(s => new CompletionCandidate(s.Name, s.Description));
}
