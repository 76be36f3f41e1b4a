using System.Management.Automation;

namespace KeyManager.Tests.Support;

/// <summary>Where a test of a cmdlet begins.</summary>
public static class Run
{
    public static CmdletRunner<TCmdlet> Cmdlet<TCmdlet>()
        where TCmdlet : PSCmdlet, new() => new();
}
