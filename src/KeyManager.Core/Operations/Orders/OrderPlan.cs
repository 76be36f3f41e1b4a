namespace KeyManager.Operations;

/// <summary>What a request would become, for somebody to look at before it is placed.</summary>
/// <param name="Request">The request.</param>
/// <param name="Order">The order as it would be stored, still without a key of its own where a new one is needed.</param>
/// <param name="NeedsNewKey">True when a key has to be made.</param>
/// <param name="Product">What is ordered; <c>null</c> where there is no catalogue.</param>
/// <param name="Charge">What it costs; <c>null</c> when it costs nothing.</param>
public sealed record OrderPlan(OrderRequest Request, CertificateOrder Order, bool NeedsNewKey, Product? Product = null, Charge? Charge = null);
