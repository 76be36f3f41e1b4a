using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Takes deployed certificates away from targets: what was put there, the versions kept, and nothing else.</summary>
/// <remarks>
/// A file that somebody else has changed since is left. When the service's test fails without the files, they are put back, and the error says so: take the certificate out of its
/// configuration first. In the inventory nothing changes.
/// </remarks>
/// <example><code>Uninstall-KmCertificate www.contoso.com -DeployTarget web02</code><para>Takes the files away from web02.</para></example>
/// <seealso cref="InstallKmCertificateCommand"/>
[Cmdlet(VerbsLifecycle.Uninstall, "KmCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(Deployment))]
public sealed class UninstallKmCertificateCommand : DeploymentCmdlet
{
    /// <summary>The targets. Default: all that it is deployed to.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(DeployTargetCompleter))]
    public DeployTargetReference[]? DeployTarget { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> targets = DeployTarget is { Length: > 0 } named
            ? [.. named.Select(t => t.Text)]
            : [.. Services.DeployCertificate.InPlace(certificate.Id, null).Select(d => d.TargetId)];
        if (targets.Count == 0)
        {
            throw new NotFoundException(ErrorIds.CertificateNotDeployed, $"{certificate.Name} is not deployed to any target.") { Target = certificate.Name, Remedy = "Get-KmDeployTarget -Deployment shows what is deployed where." };
        }

        await ForEachAsync(pipeline, targets, targets.Count > 1, async target =>
        {
            DeployTarget found = Services.DeployTargets.Resolve(target);
            Sessions.Note(found);
            string files = string.Join(Environment.NewLine, Services.DeployCertificate.InPlace(certificate.Id, found.Id).SelectMany(d => d.Files).Select(f => $"  Remove {f.Path}"));
            string what = $"Take {certificate.Name} away from {found}:{Environment.NewLine}{files}";
            if (await pipeline.ShouldProcessAsync(found.Name, what, what + "?", "Uninstall certificate").ConfigureAwait(false))
            {
                await pipeline.WriteObjectAsync(await Services.DeployCertificate.RemoveAsync(
                    certificate.Id, found.Id, new DeployOptions { Scripts = new ScriptRunner(this, pipeline, Sessions) }, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }
}
