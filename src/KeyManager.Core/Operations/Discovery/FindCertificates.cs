using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Discovery;
using KeyManager.Hosting;

namespace KeyManager.Operations;

/// <summary>Looks for certificates that somebody made, holds them against the inventory and what was seen before, and takes them in where that is wanted.</summary>
public sealed class FindCertificates(KeyManagerPorts ports)
{
    /// <summary>Refuses a scope that is too large to be meant.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    public static void Check(EndpointScope scope)
    {
        if (Guard.NotNull(scope).Count > EndpointScope.Most)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, FormattableString.Invariant($"These are {scope.Count:N0} pairs of address and port; {EndpointScope.Most:N0} at most are looked at in one go."))
            {
                Remedy = "Name smaller networks one after the other, or fewer ports.",
            };
        }
    }

    /// <summary>Looks at every place of a scope.</summary>
    /// <param name="scope">Where.</param>
    /// <param name="options">Whether the inventory changes.</param>
    /// <param name="found">Takes each result as soon as it is there, one at a time.</param>
    /// <param name="reporter">For progress and a summary.</param>
    /// <param name="cancellationToken">Stops it; what was found until then was handed over and stays in the inventory.</param>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: labels that cannot be.</exception>
    /// <exception cref="KeyManagerException">The scope as a whole cannot be looked at.</exception>
    public async Task RunAsync(DiscoveryScope scope, DiscoveryOptions options, Func<DiscoveredCertificate, Task> found, IReporter reporter, CancellationToken cancellationToken)
    {
        ICertificateFinder finder = ports.Finders.FirstOrDefault(f => f.CanFind(scope)) ?? throw new InvalidOperationException("No finder was composed.");
        _ = LabelRules.Apply(Labels.None, Guard.NotNull(options).Labels); // refused before anything is looked at, and not once for each certificate
        DiscoveryRun run = new(ports, scope, Guard.NotNull(options), Guard.NotNull(found), Guard.NotNull(reporter));
        using SemaphoreSlim gate = new(1);
        try
        {
            await finder.FindAsync(
                scope,
                async finding =>
                {
                    await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
                    try
                    {
                        await run.TakeAsync(finding).ConfigureAwait(false);
                    }
                    finally
                    {
                        gate.Release();
                    }
                },
                reporter,
                cancellationToken).ConfigureAwait(false);
            await run.EndAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            run.Close();
        }
    }
}
