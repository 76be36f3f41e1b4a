using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;

namespace KeyManager.Operations;

/// <summary>Puts what was renewed where its names are mapped to. The engine calls it after each renewal, and again after a failure, without a new order.</summary>
public interface IRenewalDeployment
{
    /// <summary>True when something is mapped for the certificate.</summary>
    bool IsMapped(Certificate certificate);

    /// <summary>Deploys it to everything that is mapped; what has it already is left alone.</summary>
    /// <exception cref="DeploymentException">Some target did not take it, or it could not be verified there.</exception>
    Task DeployAsync(Certificate certificate, IReporter reporter, CancellationToken cancellationToken);
}
