using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Tries DNS accounts out: finds the zone of a domain, writes a record as a proof would be, and takes it away again.</summary>
/// <remarks>
/// The record stands at _acme-challenge of the domain for a moment and begins with keymanager-test; other values there are left alone. The answer says which step failed, in the
/// service's own words, and which right is missing.
/// </remarks>
/// <example><code>Test-KmDnsAccount cf -DomainName contoso.com, fabrikam.com</code><para>Tries the account with two domains.</para></example>
/// <example><code>Get-KmDnsAccount | Test-KmDnsAccount | Where-Object { -not $_.IsWorking }</code><para>Those that do not work for the domains that are mapped to them.</para></example>
/// <seealso cref="GetKmDnsAccountCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmDnsAccount")]
[OutputType(typeof(DnsAccountTest))]
public sealed class TestKmDnsAccountCommand : DnsAccountCmdlet
{
    /// <summary>Domains to try it with. Default: those that are mapped to the account.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(DomainNameCompleter))]
    public string[] DomainName { get; set; } = [];

    protected override async Task ProcessAsync(IPipeline pipeline, DnsAccount account, CancellationToken cancellationToken)
    {
        foreach (DnsAccountTest test in await Services.DnsAccounts.TestAsync(
            account.Id, [.. DomainName.Select(KeyManager.DomainName.Parse)], pipeline, new ScriptRunner(this, pipeline), cancellationToken).ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(test).ConfigureAwait(false);
        }
    }
}
