using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Runspaces;
using KeyManager.Hosting;

namespace KeyManager.PowerShell;

/// <summary>Sessions of PowerShell remoting that the user has opened: a target on one of their computers is reached through it, with the rights and the transport that it has.</summary>
internal sealed class RemotingSessions(IReadOnlyList<PSSession>? sessions)
{
    private readonly IReadOnlyList<PSSession> _sessions = sessions ?? [];
    private readonly HashSet<string> _computers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The session to a computer; <c>null</c> when there is none.</summary>
    public PSSession? Find(string computerName) => _sessions.FirstOrDefault(s => string.Equals(s.ComputerName, computerName, StringComparison.OrdinalIgnoreCase));

    /// <summary>Remembers which computer a target of the command is on.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: the session to it is closed or broken.</exception>
    public void Note(DeployTarget target)
    {
        if (!target.Settings.TryGetValue("ComputerName", out string? name))
        {
            return;
        }

        _computers.Add(name);
        if (Find(name) is PSSession session && session.Runspace.RunspaceStateInfo.State is RunspaceState state and not RunspaceState.Opened)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The session {session.Name} to {name} is {state}.") { Target = session.Name, Remedy = "Open another one with New-PSSession, or leave -Session out." };
        }
    }

    /// <summary>Warns of sessions that are of no use to any target: such a target has opened its own, and nobody would know.</summary>
    public void WarnOfUnused(IReporter reporter)
    {
        foreach (PSSession session in _sessions.Where(s => !_computers.Contains(s.ComputerName)))
        {
            reporter.Warn($"The session {session.Name} was not used: no target here has the -ComputerName {session.ComputerName}. It has to be written as the session has it.");
        }
    }
}
