namespace KeyManager.PowerShell;

/// <summary>An order: the object, its id, or the name of its entry (the newest order is meant).</summary>
public sealed class OrderReference : Reference
{
    /// <summary>Takes the object, its id or its name.</summary>
    public OrderReference(object value)
        : base(value, "OrderId", "Id")
    {
    }

    private protected override string? OfKnownType(object value) => value switch
    {
        CertificateOrder order => order.Id,
        Challenge challenge => challenge.OrderId,
        Operations.ChallengeTest test => test.OrderId,
        Certificate { OrderId: string id } => id,
        _ => null,
    };
}
