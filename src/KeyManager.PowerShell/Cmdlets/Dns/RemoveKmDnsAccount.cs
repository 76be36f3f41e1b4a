using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes DNS accounts and their secrets from the store. At the service nothing changes.</summary>
/// <remarks>One that a mapping names, or that has records published, is kept unless -Force is given; such records then stay at the service.</remarks>
/// <example><code>Remove-KmDnsAccount old</code><para>Forgets the account.</para></example>
/// <seealso cref="DisableKmDnsAccountCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmDnsAccount", SupportsShouldProcess = true)]
public sealed class RemoveKmDnsAccountCommand : DnsAccountCmdlet
{
    /// <summary>Also one that is needed by a mapping, or to take away records.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, DnsAccount account, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(account.ToString(), "Remove DNS account with its secrets from the store").ConfigureAwait(false))
        {
            Services.DnsAccounts.Remove(account.Id, Force);
        }
    }
}
