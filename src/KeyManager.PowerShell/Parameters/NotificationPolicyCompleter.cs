using System.Collections;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Offers the names of the notification policies.</summary>
public sealed class NotificationPolicyCompleter : StoreCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters) =>
        services.Notifications.List().Select(p => new CompletionCandidate(p.Name, p.Channel.ToString()));
}
