using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Deploys certificates to targets, proves that they are served, and goes back when they are not.</summary>
/// <remarks>
/// New files are written beside the old ones and looked at byte by byte; then they replace them in one step each, the configuration is tested, the service reloads, and its endpoint is
/// asked until it serves the new certificate with its whole chain. When a step fails, the old files are put back and the service reloads again: the answer is RolledBack. What nobody
/// could see is DeployedUnverified. A certificate that is in place and served already is left alone.
/// -WhatIf lists every file with its rights, and every command. The earlier versions are kept on the target, three of them unless the target says otherwise.
/// </remarks>
/// <example><code>Install-KmCertificate www.contoso.com -DeployTarget web01, web02</code><para>To two servers, side by side.</para></example>
/// <example><code>Get-KmCertificate | Install-KmCertificate</code><para>Every certificate to where its domains are mapped.</para></example>
/// <example><code>Install-KmCertificate www.contoso.com -DeployTarget iis01 -Session (New-PSSession iis01.contoso.com -Credential CONTOSO\admin)</code><para>To a Windows server, through a session that is open.</para></example>
/// <example><code>Install-KmCertificate www.contoso.com -WhatIf</code><para>Shows what would be done.</para></example>
/// <seealso cref="NewKmDeployTargetCommand"/>
/// <seealso cref="TestKmCertificateCommand"/>
[Cmdlet(VerbsLifecycle.Install, "KmCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(Deployment))]
public sealed class InstallKmCertificateCommand : DeploymentCmdlet
{
    /// <summary>The targets. Default: those that the order names, else those that the domains are mapped to.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(DeployTargetCompleter))]
    public DeployTargetReference[]? DeployTarget { get; set; }

    /// <summary>How many targets at the same time; default 8.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int ThrottleLimit { get; set; } = 8;

    /// <summary>Do everything again, also when it is in place and served.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> targets = DeployTarget is { Length: > 0 } named ? [.. named.Select(t => t.Text)] : Services.DeployCertificate.RequireTargetsOf(certificate.Id);
        List<DeployPlan> plans = [];
        await ForEachAsync(pipeline, targets, targets.Count > 1, async target =>
        {
            DeployPlan plan = Services.DeployCertificate.Plan(certificate.Id, target);
            Sessions.Note(plan.Target);
            string steps = string.Join(Environment.NewLine, plan.Steps.Select(s => "  " + s));
            if (await pipeline.ShouldProcessAsync(plan.Target.Name, $"Deploy {plan}:{Environment.NewLine}{steps}", $"Deploy {plan}?{Environment.NewLine}{steps}", "Deploy certificate").ConfigureAwait(false))
            {
                plans.Add(plan);
            }
        }).ConfigureAwait(false);
        DeployOptions options = new() { ThrottleLimit = ThrottleLimit, Force = Force, Scripts = new ScriptRunner(this, pipeline, Sessions) };
        foreach (Deployment deployment in await Services.DeployCertificate.RunAsync(plans, options, pipeline, cancellationToken).ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(deployment).ConfigureAwait(false);
            await DeploymentReport.TellAsync(deployment, pipeline).ConfigureAwait(false);
        }
    }
}
