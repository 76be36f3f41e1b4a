using KeyManager.Hosting;

namespace KeyManager.Challenges;

/// <summary>What a solver gets to work with.</summary>
/// <param name="Order">The order, which says how its user publishes.</param>
/// <param name="Reporter">For steps and warnings.</param>
/// <param name="Scripts">Runs scripts; <c>null</c> where no PowerShell is at hand.</param>
public sealed record SolverContext(CertificateOrder Order, IReporter Reporter, IScriptRunner? Scripts);
