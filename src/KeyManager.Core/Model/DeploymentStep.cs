namespace KeyManager;

/// <summary>How far a deployment has come; written before each step, so that a killed process leaves a known state.</summary>
public enum DeploymentStep
{
    /// <summary>Written down; the target was not touched.</summary>
    Planned,

    /// <summary>New files are being written beside the old ones, and the old ones kept.</summary>
    Uploading,

    /// <summary>New files take the places of the old ones.</summary>
    Switching,

    /// <summary>The configuration is tested and the service reloads.</summary>
    Reloading,

    /// <summary>The endpoint is looked at.</summary>
    Proving,

    /// <summary>What was there before is put back.</summary>
    RollingBack,

    /// <summary>Over.</summary>
    Ended,
}
