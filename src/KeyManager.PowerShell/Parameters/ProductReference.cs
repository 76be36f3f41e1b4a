namespace KeyManager.PowerShell;

/// <summary>A product of a catalogue: the object, its code or its name.</summary>
public sealed class ProductReference : Reference
{
    /// <summary>Takes the object, its code or its name.</summary>
    public ProductReference(object value)
        : base(value, "Code")
    {
    }

    private protected override string? OfKnownType(object value) => value switch
    {
        Product product => product.Code,
        _ => null,
    };
}
