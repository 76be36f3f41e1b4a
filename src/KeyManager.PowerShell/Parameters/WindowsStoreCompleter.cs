using System.Collections.Generic;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>Offers the certificate stores of Windows that hold certificates of services.</summary>
public sealed class WindowsStoreCompleter : FixedCompleter
{
    private static readonly string[] Names = ["My", "WebHosting", "Remote Desktop", "Root", "CA", "TrustedPeople"];

    /// <inheritdoc/>
    protected override IEnumerable<CompletionCandidate> Candidates =>
        new[] { "LocalMachine", "CurrentUser" }.SelectMany(location => Names.Select(name => new CompletionCandidate($@"{location}\{name}", "Certificate store of Windows")));
}
