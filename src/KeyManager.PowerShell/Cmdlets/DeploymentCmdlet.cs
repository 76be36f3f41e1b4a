using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that put certificates onto targets and take them away; a Windows target may be reached through a session that the user has opened.</summary>
public abstract class DeploymentCmdlet : CertificateCmdlet
{
    private RemotingSessions? _sessions;

    /// <summary>
    /// Sessions of PowerShell remoting (New-PSSession): a Windows target is reached through the one to its -ComputerName, over WinRM or SSH, instead of opening one. They stay open.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public PSSession[]? Session { get; set; }

    private protected RemotingSessions Sessions => _sessions ??= new RemotingSessions(Session);

    protected sealed override Task EndProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        Sessions.WarnOfUnused(pipeline);
        return Task.CompletedTask;
    }
}
