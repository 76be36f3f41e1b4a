namespace KeyManager.PowerShell;

/// <summary>An account with a DNS service: the object, its id or its name.</summary>
public sealed class DnsAccountReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public DnsAccountReference(object value)
        : base(value, "Id")
    {
    }

    private protected override string? OfKnownType(object value) => value switch
    {
        DnsAccount account => account.Id,
        _ => null,
    };
}
