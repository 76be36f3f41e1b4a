namespace KeyManager;

/// <summary>How a deployment ended.</summary>
public enum DeploymentStatus
{
    /// <summary>It goes on, or its process was killed; the next one to the same target takes it up.</summary>
    Pending,

    /// <summary>In place, and the endpoint was seen serving it with its whole chain.</summary>
    Deployed,

    /// <summary>In place, and nobody could look: there is no endpoint, or it cannot be reached from here.</summary>
    DeployedUnverified,

    /// <summary>The service did not take it or did not serve it; what was there before is back.</summary>
    RolledBack,

    /// <summary>It failed before anything was changed; or, with KmRollbackFailed, what was there before could not be put back.</summary>
    Failed,

    /// <summary>A newer deployment to the same target took its place, and went on from what it had left.</summary>
    Superseded,

    /// <summary>It was taken away again.</summary>
    Removed,
}
