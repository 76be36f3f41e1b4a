namespace KeyManager.PowerShell;

/// <summary>A certificate of the inventory: the object, its order, id, name, domain name, thumbprint or serial number.</summary>
public sealed class CertificateReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public CertificateReference(object value)
        : base(value, "Id")
    {
    }

    private protected override string? OfKnownType(object value) => value switch
    {
        Certificate certificate => certificate.Id,
        CertificateOrder order => order.Id,
        ExportedFile file => file.Thumbprint,
        _ => null,
    };
}
