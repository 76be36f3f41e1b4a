namespace KeyManager.PowerShell;

/// <summary>A stored private key: the object, its id or its name.</summary>
public sealed class PrivateKeyReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public PrivateKeyReference(object value)
        : base(value, "Id")
    {
    }

    private protected override string? OfKnownType(object value) => value switch
    {
        PrivateKeyInfo key => key.Id,
        Certificate { PrivateKeyId: string id } => id,
        _ => null,
    };
}
