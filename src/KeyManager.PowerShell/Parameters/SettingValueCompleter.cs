using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the values that a setting may have, where they can be counted; which setting it is stands on the command line already.</summary>
public sealed class SettingValueCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) => GetCandidates((string?)null, boundParameters);

    private protected override IEnumerable<CompletionCandidate> GetCandidates(string? storePath, IDictionary boundParameters)
    {
        SettingDescription? setting = StoreSettings.All.FirstOrDefault(s => string.Equals(s.Name, boundParameters["Name"]?.ToString(), StringComparison.OrdinalIgnoreCase));
        return setting?.Choices.Select(c => new CompletionCandidate(c, setting.Description)) ?? [];
    }
}
