using System.Collections.Generic;

namespace KeyManager.Dns;

/// <summary>The DNS services that this build knows, by name. An unknown one is KmDnsProviderNotFound.</summary>
public sealed class DnsProviderRegistry(IEnumerable<IDnsProvider> providers) : Registry<IDnsProvider>(providers, provider => provider.Description.Name)
{
    /// <summary>True when an account is found by the zones that it has, without a mapping.</summary>
    public bool IsAutomatic(DnsAccount account) => Guard.NotNull(account).Enabled && Get(account.Provider).Description.KnowsItsZones;

    /// <inheritdoc/>
    protected override NotFoundException Missing(string name, string known) => new(ErrorIds.DnsProviderNotFound, $"There is no DNS provider '{name}'.") { Target = name, Remedy = known + " See Get-KmProvider." };
}
