namespace KeyManager.PowerShell;

/// <summary>An stored organization: the object, its id or its name.</summary>
public sealed class OrganizationReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public OrganizationReference(object value)
        : base(value, "Id")
    {
    }

    private protected override string? OfKnownType(object value) => value switch
    {
        Organization organization => organization.Id,
        _ => null,
    };
}
