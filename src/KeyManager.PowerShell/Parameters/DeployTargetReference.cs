namespace KeyManager.PowerShell;

/// <summary>A deployment target: the object, its id or its name.</summary>
public sealed class DeployTargetReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public DeployTargetReference(object value)
        : base(value, "Id")
    {
    }

    private protected override string? OfKnownType(object value) => value switch
    {
        DeployTarget target => target.Id,
        Deployment deployment => deployment.TargetId,
        _ => null,
    };
}
