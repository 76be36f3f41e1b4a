using System.Management.Automation;
using System.Management.Automation.Runspaces;
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
    private RemotingSessions? _sessions;

    /// <summary>
    /// Sessions of PowerShell remoting (New-PSSession): a Windows target is reached through the one to its -ComputerName, over WinRM or SSH, instead of opening one. They stay open.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public PSSession[]? Session { get; set; }

    private RemotingSessions Sessions => _sessions ??= new RemotingSessions(Session);

    protected override async Task ProcessAsync(IPipeline pipeline, DeployTarget target, CancellationToken cancellationToken)
    {
        Sessions.Note(target);
        ScriptRunner scripts = new(this, pipeline, Sessions);
        await pipeline.WriteObjectAsync(await Services.DeployTargets.TestAsync(target.Id, pipeline, scripts, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    protected override Task EndProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        Sessions.WarnOfUnused(pipeline);
        return Task.CompletedTask;
    }
}
