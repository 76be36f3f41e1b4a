namespace System.Management.Automation
{
    /// <summary>A PowerShell beside the one that runs; there is none here.</summary>
    public sealed class PowerShell : IDisposable
    {
        public static PowerShell Create() => new();

        public PowerShell AddScript(string script) => this;

        public PowerShell AddArgument(object value) => this;

        public Collections.ObjectModel.Collection<PSObject> Invoke() => throw new NotSupportedException("The double has no PowerShell beside it.");

        public void Dispose()
        {
        }
    }
}

namespace System.Management.Automation.Remoting
{
    public class PSRemotingTransportException(string message) : RuntimeException(message);
}

namespace System.Management.Automation.Runspaces
{
    public sealed class Runspace
    {
        [ThreadStatic]
        private static Runspace s_default;

        public static Runspace DefaultRunspace
        {
            get => s_default ??= new Runspace();
            set => s_default = value;
        }

        public SessionStateProxy SessionStateProxy { get; } = new();

        public RunspaceStateInfo RunspaceStateInfo { get; } = new();
    }

    public sealed class PSSession
    {
        public string ComputerName { get; set; }

        public string Name { get; set; }

        public Runspace Runspace { get; set; } = new();
    }

    public enum RunspaceState
    {
        BeforeOpen,
        Opening,
        Opened,
        Closed,
        Closing,
        Broken,
        Disconnecting,
        Disconnected,
        Connecting,
    }

    public sealed class RunspaceStateInfo
    {
        public RunspaceState State { get; } = RunspaceState.Opened;
    }

    public class SessionStateProxy
    {
        public virtual PathIntrinsics Path { get; } = new();
    }
}
