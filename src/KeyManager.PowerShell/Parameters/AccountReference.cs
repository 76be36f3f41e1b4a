namespace KeyManager.PowerShell;

/// <summary>An account with an authority: the object, its id or its name.</summary>
public sealed class AccountReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public AccountReference(object value)
        : base(value, "Id")
    {
    }

    private protected override string? OfKnownType(object value) => value switch
    {
        AuthorityAccount account => account.Id,
        _ => null,
    };
}
