using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Switches DNS accounts off: orders that name one fail, and none is chosen for its zones.</summary>
/// <remarks>What it has published before is still taken away with it.</remarks>
/// <example><code>Get-KmDnsAccount -Provider GoDaddy | Disable-KmDnsAccount</code><para>None of these is used until Enable-KmDnsAccount.</para></example>
/// <seealso cref="EnableKmDnsAccountCommand"/>
[Cmdlet(VerbsLifecycle.Disable, "KmDnsAccount", SupportsShouldProcess = true)]
[OutputType(typeof(DnsAccount))]
public sealed class DisableKmDnsAccountCommand : DnsAccountCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, DnsAccount account, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(account.ToString(), "Switch DNS account off").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.DnsAccounts.SetEnabled(account.Id, enabled: false)).ConfigureAwait(false);
        }
    }
}
