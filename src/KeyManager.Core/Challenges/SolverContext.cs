using System;
using KeyManager.Hosting;

namespace KeyManager.Challenges;

/// <summary>What a solver gets to work with.</summary>
/// <param name="Order">The order, which says how its user publishes.</param>
/// <param name="Reporter">For steps and warnings.</param>
/// <param name="Scripts">Runs scripts; <c>null</c> where no PowerShell is at hand.</param>
/// <param name="Resolver">DNS server to ask whether a record can be seen, address with or without port; <c>null</c> for the servers of the zone, <see cref="NoResolver"/> to ask nobody.</param>
public sealed record SolverContext(CertificateOrder Order, IReporter Reporter, IScriptRunner? Scripts, string? Resolver = null)
{
    /// <summary>The resolver that is none: records are not looked for.</summary>
    public const string NoResolver = "None";

    /// <summary>Whether it is <see cref="NoResolver"/>, in any letter case.</summary>
    public static bool IsNoResolver(string? resolver) => string.Equals(resolver, NoResolver, StringComparison.OrdinalIgnoreCase);
}
