namespace KeyManager.PowerShell;

/// <summary>A stored certificate request: the object, its id or its name.</summary>
public sealed class CsrReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public CsrReference(object value)
        : base(value, "Id")
    {
    }

    private protected override string? OfKnownType(object value) => value switch
    {
        CertificateSigningRequest request => request.Id,
        _ => null,
    };
}
