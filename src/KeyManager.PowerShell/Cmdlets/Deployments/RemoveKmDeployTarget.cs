using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes targets and their secrets from the store. At the target nothing changes.</summary>
/// <remarks>One that a mapping names, or that has a certificate in place, is kept unless -Force is given. What is there stays there; Uninstall-KmCertificate takes it away.</remarks>
/// <example><code>Remove-KmDeployTarget old</code><para>Forgets the target.</para></example>
/// <seealso cref="UninstallKmCertificateCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmDeployTarget", SupportsShouldProcess = true)]
public sealed class RemoveKmDeployTargetCommand : DeployTargetCmdlet
{
    /// <summary>Also one that a mapping names, or that has a certificate in place.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, DeployTarget target, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(target.ToString(), "Remove target with its secrets from the store").ConfigureAwait(false))
        {
            Services.DeployTargets.Remove(target.Id, Force);
        }
    }
}
