using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Deactivates accounts at their authority, for good.</summary>
/// <remarks>A deactivated account can never be used again; the store remembers it. To forget an account here only, use Remove-KmAccount.</remarks>
/// <example><code>Disable-KmAccount old</code><para>Asks, then gives the account up.</para></example>
/// <seealso cref="RemoveKmAccountCommand"/>
[Cmdlet(VerbsLifecycle.Disable, "KmAccount", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(AuthorityAccount))]
public sealed class DisableKmAccountCommand : AccountCmdlet
{
    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, AuthorityAccount account, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(account.ToString(), "Deactivate account at its authority, for good").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(await Services.ChangeAccount.DeactivateAsync(account.Id, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
