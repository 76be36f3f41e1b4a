namespace KeyManager.PowerShell;

/// <summary>A notification policy: the object, its id or its name.</summary>
public sealed class NotificationPolicyReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public NotificationPolicyReference(object value)
        : base(value, "Id")
    {
    }

    private protected override string? OfKnownType(object value) => (value as NotificationPolicy)?.Id;
}
