using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes accounts from the store, here only.</summary>
/// <remarks>
/// At the authority the account stays active. Certificates that were ordered with it stay in the inventory but can no longer be renewed or revoked
/// from here. For the built-in authority the root and its keys are gone with it: make a backup first (Backup-KmStore).
/// </remarks>
/// <example><code>Remove-KmAccount lab</code><para>Asks, then forgets the account.</para></example>
/// <seealso cref="DisableKmAccountCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmAccount", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveKmAccountCommand : AccountCmdlet
{
    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, AuthorityAccount account, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(account.ToString(), "Remove account with its keys from the store").ConfigureAwait(false))
        {
            Services.ChangeAccount.Remove(account.Id, pipeline);
        }
    }
}
