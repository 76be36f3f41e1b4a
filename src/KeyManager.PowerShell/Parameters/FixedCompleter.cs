using System.Collections;
using System.Collections.Generic;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Base of the completers that need no store: what they offer is known before there is one.</summary>
public abstract class FixedCompleter : StoreCompleter
{
    /// <summary>Everything there is to offer.</summary>
    protected abstract IEnumerable<CompletionCandidate> Candidates { get; }

    /// <inheritdoc/>
    protected sealed override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) => Candidates;

    private protected sealed override IEnumerable<CompletionCandidate> GetCandidates(string? storePath, IDictionary boundParameters) => Candidates;
}
