using System;
using KeyManager.Challenges;
using KeyManager.Hosting;

namespace KeyManager.Dns;

/// <summary>What a DNS service gets to work with: the account, its secrets, and whom to tell.</summary>
/// <param name="account">The account; its settings include those of the mapping of a domain, where there is one.</param>
/// <param name="getSecret">A secret by the name of its setting, in the clear, <c>null</c> when there is none.</param>
/// <param name="reporter">For steps and warnings.</param>
/// <param name="scripts">Runs scripts; <c>null</c> where no PowerShell is at hand.</param>
public sealed class DnsContext(DnsAccount account, Func<string, byte[]?> getSecret, IReporter reporter, IScriptRunner? scripts = null)
    : ProviderContext(account.Settings, getSecret, reporter, scripts)
{
    /// <summary>The account.</summary>
    public DnsAccount Account { get; } = account;
}
