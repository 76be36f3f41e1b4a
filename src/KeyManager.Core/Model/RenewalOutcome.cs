namespace KeyManager;

/// <summary>What became of one certificate in a sweep.</summary>
public enum RenewalOutcome
{
    /// <summary>The new version is in the inventory, and deployed where something is mapped.</summary>
    Renewed,

    /// <summary>A version renewed earlier is deployed now.</summary>
    Deployed,

    /// <summary>The new version is in the inventory, and could not be deployed; that alone is tried again.</summary>
    DeploymentFailed,

    /// <summary>It could not be renewed; it is tried again.</summary>
    Failed,

    /// <summary>It goes on later: the authority is at it, or asked to be left alone for a while.</summary>
    Waiting,

    /// <summary>Another command is at it, or has done it.</summary>
    Skipped,
}
