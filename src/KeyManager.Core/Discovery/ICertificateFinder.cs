using System;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;

namespace KeyManager.Discovery;

/// <summary>Looks for certificates in places of one kind. Compares nothing and changes nothing.</summary>
public interface ICertificateFinder
{
    /// <summary>True for a scope of its kind.</summary>
    bool CanFind(DiscoveryScope scope);

    /// <summary>Looks at every place, and hands each over as soon as it was seen; several may be handed over at the same time.</summary>
    /// <param name="scope">Where.</param>
    /// <param name="found">Takes what was seen. A place that cannot be read is a finding with a problem.</param>
    /// <param name="reporter">For steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="KeyManagerException">The scope as a whole cannot be looked at: the target is not there, the script failed.</exception>
    Task FindAsync(DiscoveryScope scope, Func<Finding, Task> found, IReporter reporter, CancellationToken cancellationToken);
}
