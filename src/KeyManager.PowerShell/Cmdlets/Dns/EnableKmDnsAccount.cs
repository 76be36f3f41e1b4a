using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Switches DNS accounts on, so that orders may use them.</summary>
/// <example><code>Enable-KmDnsAccount bind</code><para>The account is used again.</para></example>
/// <seealso cref="DisableKmDnsAccountCommand"/>
[Cmdlet(VerbsLifecycle.Enable, "KmDnsAccount", SupportsShouldProcess = true)]
[OutputType(typeof(DnsAccount))]
public sealed class EnableKmDnsAccountCommand : DnsAccountCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, DnsAccount account, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(account.ToString(), "Switch DNS account on").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.DnsAccounts.SetEnabled(account.Id, enabled: true)).ConfigureAwait(false);
        }
    }
}
