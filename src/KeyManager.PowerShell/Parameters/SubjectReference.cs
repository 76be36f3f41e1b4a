namespace KeyManager.PowerShell;

/// <summary>What a line of the audit trail is about: an object of the store, its id or its name.</summary>
public sealed class SubjectReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public SubjectReference(object value)
        : base(value, "Id", "Name")
    {
    }

    private protected override string? OfKnownType(object value) => value switch
    {
        Certificate certificate => certificate.Id,
        CertificateOrder order => order.Id,
        AuthorityAccount account => account.Id,
        PrivateKeyInfo key => key.Id,
        CertificateSigningRequest request => request.Id,
        KeyProtector protector => protector.Id,
        _ => null,
    };
}
