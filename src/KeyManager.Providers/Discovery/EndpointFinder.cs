using System;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Discovery;
using KeyManager.Hosting;

namespace KeyManager.Providers.Discovery;

/// <summary>Looks at services on the network, many at a time.</summary>
internal sealed class EndpointFinder(IEndpointProbe probe) : ICertificateFinder
{
    public bool CanFind(DiscoveryScope scope) => scope is EndpointScope;

    public Task FindAsync(DiscoveryScope scope, Func<Finding, Task> found, IReporter reporter, CancellationToken cancellationToken)
    {
        EndpointScope services = (EndpointScope)scope;
        return Concurrent.DrainAsync(
            services.Enumerate(), services.AtOnce, async place => await found(await LookAsync(place.Endpoint, place.IsNamed, services.Timeout, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false), cancellationToken);
    }

    private async Task<Finding> LookAsync(Endpoint endpoint, bool isNamed, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Finding finding = new(DiscoverySource.Endpoint, "", EndpointRange.LocationOf(endpoint)) { IsNamed = isNamed };
        try
        {
            ServedCertificate served = await probe.LookAsync(endpoint, timeout, cancellationToken).ConfigureAwait(false);
            return finding with { Certificate = served.Certificate, Chain = served.Chain, TlsVersion = served.TlsVersion };
        }
        catch (TransportException error)
        {
            return finding with { Problem = error.Message, IsAbsent = !error.HasAnswered };
        }
    }
}
