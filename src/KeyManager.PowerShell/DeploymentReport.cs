using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>Tells how deployments ended: what failed is an error of its own, what nobody could see a warning.</summary>
internal static class DeploymentReport
{
    /// <summary>The same for an order, when its certificate is saved.</summary>
    public static Task AfterIssueAsync(KeyManagerServices services, CertificateOrder order, IPipeline pipeline, IScriptRunner scripts, CancellationToken cancellationToken) =>
        order is { Status: OrderStatus.Saved, CertificateId: string certificate } ? AfterIssueAsync(services, certificate, pipeline, scripts, cancellationToken) : Task.CompletedTask;

    /// <summary>Deploys a certificate that was just saved to where it belongs; nothing happens when that is nowhere.</summary>
    public static async Task AfterIssueAsync(KeyManagerServices services, string certificateId, IPipeline pipeline, IScriptRunner scripts, CancellationToken cancellationToken)
    {
        DeployOptions options = new() { Scripts = scripts };
        foreach (Deployment deployment in await services.DeployCertificate.RunMappedAsync(certificateId, options, pipeline, cancellationToken).ConfigureAwait(false))
        {
            pipeline.Verbose($"{deployment}: {deployment.Status}");
            await TellAsync(deployment, pipeline).ConfigureAwait(false);
        }
    }

    /// <summary>The error or the warning of a deployment, if there is one.</summary>
    public static async Task TellAsync(Deployment deployment, IPipeline pipeline)
    {
        if (deployment.Status is DeploymentStatus.Failed or DeploymentStatus.RolledBack)
        {
            string end = deployment.Status == DeploymentStatus.RolledBack ? " What was there before is back." : "";
            await pipeline.WriteErrorAsync(new DeploymentException(deployment.ErrorId ?? ErrorIds.TargetRefused, $"{deployment.Name} is not deployed to {deployment.Target}: {deployment.Problem}{end}")
            {
                Target = deployment.Target,
                Remedy = deployment.Remedy,
            }).ConfigureAwait(false);
        }
        else if (deployment.Status == DeploymentStatus.DeployedUnverified)
        {
            pipeline.Warn($"{deployment.Name} is in place on {deployment.Target}, but nobody saw it served. {deployment.Remedy}");
        }
    }
}
