using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Dns;

/// <summary>The DNS services that this build knows, by name.</summary>
public sealed class DnsProviderRegistry(IEnumerable<IDnsProvider> providers)
{
    private readonly List<IDnsProvider> _providers = [.. providers.OrderBy(p => p.Description.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>All, by name.</summary>
    public IReadOnlyList<IDnsProvider> All => _providers;

    /// <summary>The service with this name; letter case does not matter.</summary>
    /// <exception cref="NotFoundException">KmDnsProviderNotFound.</exception>
    public IDnsProvider Get(string name) =>
        _providers.FirstOrDefault(p => string.Equals(p.Description.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new NotFoundException(ErrorIds.DnsProviderNotFound, $"There is no DNS provider '{name}'.")
        {
            Target = name,
            Remedy = $"Known are: {string.Join(", ", _providers.Select(p => p.Description.Name))}. See Get-KmProvider.",
        };
}
