using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Tries targets out: goes there, writes and renames a trial file in each folder, runs the test command, and looks what the endpoints serve.</summary>
/// <remarks>Nothing is left there, and nothing is reloaded. The answer says what was tried and what does not work.</remarks>
/// <example><code>Test-KmDeployTarget web01 | Format-List</code><para>Shows everything that was tried.</para></example>
/// <example><code>Get-KmDeployTarget | Test-KmDeployTarget | Where-Object { -not $_.IsWorking }</code><para>Those that a deployment would fail on.</para></example>
/// <seealso cref="NewKmDeployTargetCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmDeployTarget")]
[OutputType(typeof(DeployTargetTest))]
public sealed class TestKmDeployTargetCommand : DeployTargetCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, DeployTarget target, CancellationToken cancellationToken) =>
        await pipeline.WriteObjectAsync(await Services.DeployTargets.TestAsync(target.Id, pipeline, new ScriptRunner(this, pipeline), cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
}
