namespace KeyManager.PowerShell;

/// <summary>A stored contact: the object, its id or its name.</summary>
public sealed class ContactReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public ContactReference(object value)
        : base(value, "Id")
    {
    }

    private protected override string? OfKnownType(object value) => value switch
    {
        Contact contact => contact.Id,
        _ => null,
    };
}
