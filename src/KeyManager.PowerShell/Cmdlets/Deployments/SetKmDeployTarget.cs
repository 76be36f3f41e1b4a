using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Changes settings and secrets of targets; what is not named stays.</summary>
/// <remarks>The parameters are those of New-KmDeployTarget for the target's kind. An empty value takes a setting back to its default. What is deployed already stays where it is.</remarks>
/// <example><code>Set-KmDeployTarget web01 -Password (Read-Host -AsSecureString)</code><para>A new password.</para></example>
/// <example><code>Get-KmDeployTarget web* | Set-KmDeployTarget -KeepVersions 5</code><para>Keeps five earlier versions on all web servers.</para></example>
/// <seealso cref="GetKmDeployTargetCommand"/>
[Cmdlet(VerbsCommon.Set, "KmDeployTarget", SupportsShouldProcess = true)]
[OutputType(typeof(DeployTarget))]
public sealed class SetKmDeployTargetCommand : DeployTargetCmdlet, IDynamicParameters
{
    private SettingParameters? _parameters;

    /// <summary>Settings by name, where they come from a table; Get-KmProvider lists them. Secrets have parameters of their own.</summary>
    [Parameter]
    public Hashtable? Setting { get; set; }

    /// <summary>The settings of the target's kind; of all kinds as long as no target is known, as in a pipeline.</summary>
    public object? GetDynamicParameters()
    {
        IReadOnlyList<DeployKindDescription> kinds = CompositionRoot.DeployKinds;
        string? kind = DeployTarget.Length == 1 ? Peek(s => s.DeployTargets.Resolve(DeployTarget[0].Text).Kind) : null;
        _parameters = new SettingParameters(kinds.Where(k => kind is null || k.Name == kind).SelectMany(k => k.Settings));
        return _parameters.Parameters;
    }

    protected override async Task ProcessAsync(IPipeline pipeline, DeployTarget target, CancellationToken cancellationToken)
    {
        using GivenSettings given = await GivenAsync(pipeline, Setting, _parameters).ConfigureAwait(false);
        if (given.IsEmpty)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"Nothing is named that should change in the target {target}.")
            {
                Target = target.Name,
                Remedy = $"Name settings; Get-KmProvider {target.Kind} lists them.",
            };
        }

        if (await pipeline.ShouldProcessAsync(target.ToString(), $"Change {string.Join(", ", given.Settings.Keys.Concat(given.Secrets.Keys))} of the target").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.DeployTargets.Update(target.Id, given.Settings, given.Secrets, pipeline)).ConfigureAwait(false);
        }
    }
}
