using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Discovery;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Providers.Deployments.Probing;
using KeyManager.Tests.Support;

namespace KeyManager.Tests.Discovery;

/// <summary>The search over a real store, with the finders of the module.</summary>
internal sealed class DiscoveryBench : IDisposable
{
    public DiscoveryBench() => Use(Bench);

    public TestBench Bench { get; } = new();

    public KeyManagerServices Services => Bench.Services;

    /// <summary>Gives a bench the finders. The clock of the network is the machine's.</summary>
    public static void Use(TestBench bench) => bench.Adjust = ports =>
    {
        DeployKindRegistry kinds = new(KeyManagerHost.NewDeployKinds(Clock.System, ports.KeystoreFormats));
        return ports with { DeployKinds = kinds, Finders = KeyManagerHost.NewFinders(Clock.System, new TlsProbe(Clock.System), kinds, ports.KeystoreReader, ports.Certificates) };
    };

    public static EndpointScope Endpoints(params string[] places) =>
        new([.. places.Select(p => EndpointRange.Parse(p, [], null, null))], [], TimeSpan.FromSeconds(5), 64);

    public static FileScope Files(string path, params string[] passwords) => new([path], true, passwords, false, null);

    public Task<IReadOnlyList<DiscoveredCertificate>> LookAsync(DiscoveryScope scope) => RunAsync(scope, null);

    public Task<IReadOnlyList<DiscoveredCertificate>> AddAsync(DiscoveryScope scope) => RunAsync(scope, _ => Task.FromResult(true));

    public void Dispose() => Bench.Dispose();

    private async Task<IReadOnlyList<DiscoveredCertificate>> RunAsync(DiscoveryScope scope, Func<DiscoveredCertificate, Task<bool>>? mayAdd)
    {
        List<DiscoveredCertificate> found = [];
        await Services.FindCertificates.RunAsync(
            scope,
            new DiscoveryOptions { MayAdd = mayAdd },
            item =>
            {
                found.Add(item);
                return Task.CompletedTask;
            },
            Bench.Reporter,
            CancellationToken.None);
        return found;
    }
}
