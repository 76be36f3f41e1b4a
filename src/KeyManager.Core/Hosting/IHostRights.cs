namespace KeyManager.Hosting;

/// <summary>What the user of this process may do on the machine.</summary>
public interface IHostRights
{
    /// <summary>True for root, and for a process with administrator rights in force.</summary>
    bool IsAdministrator { get; }
}
