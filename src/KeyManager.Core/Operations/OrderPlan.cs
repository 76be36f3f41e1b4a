namespace KeyManager.Operations;

/// <summary>An order as it would be placed.</summary>
/// <param name="Order">The order; without a request (CSR) where its key has yet to be made or stored.</param>
/// <param name="NeedsNewKey">True when a key has to be made for it.</param>
internal sealed record OrderPlan(CertificateOrder Order, bool NeedsNewKey);
