namespace KeyManager.PowerShell;

/// <summary>A renewal policy: the object, its id or its name.</summary>
public sealed class RenewalPolicyReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public RenewalPolicyReference(object value)
        : base(value, "Id")
    {
    }

    private protected override string? OfKnownType(object value) => (value as RenewalPolicy)?.Id;
}
