using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Deployments;

/// <summary>
/// One deployment at the target. Whoever calls writes down in the deployment what comes next before he calls it; each step may be done again after a crash and then
/// changes nothing that is done already.
/// </summary>
public interface IDeploySession : IDisposable
{
    /// <summary>Whether all of it is in place as planned.</summary>
    /// <param name="last">The deployment of the entry that is in place as far as is remembered; <c>null</c> for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<bool> IsInPlaceAsync(Deployment? last, CancellationToken cancellationToken);

    /// <summary>The deployment with the places of its files; nothing is changed yet.</summary>
    Deployment Lay(Deployment deployment);

    /// <summary>Writes the new beside the old, makes sure that every byte arrived, and keeps the old.</summary>
    /// <returns>The deployment with what was kept.</returns>
    Task<Deployment> PrepareAsync(Deployment deployment, CancellationToken cancellationToken);

    /// <summary>Puts the new in place.</summary>
    Task SwitchAsync(Deployment deployment, CancellationToken cancellationToken);

    /// <summary>Has the service test and take it.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="withTest">False to reload without a test: going back has to be tried in any case.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What was done, a line each.</returns>
    /// <exception cref="DeploymentException">KmConfigurationTestFailed: the service did not hear of it; KmReloadFailed.</exception>
    Task<IReadOnlyList<string>> ActivateAsync(Deployment deployment, bool withTest, CancellationToken cancellationToken);

    /// <summary>Puts the old back in place, as far as the new was put there; what was written beside goes.</summary>
    Task RestoreAsync(Deployment deployment, CancellationToken cancellationToken);

    /// <summary>Takes away what was written beside and not put in place.</summary>
    Task DiscardAsync(Deployment deployment, CancellationToken cancellationToken);

    /// <summary>Takes away the earlier versions that a deployment kept.</summary>
    Task ForgetAsync(Deployment deployment, CancellationToken cancellationToken);

    /// <summary>Takes away exactly what deployments put there, and what they kept; when the service does not do without it, it is put back.</summary>
    /// <param name="deployments">All that are remembered of this certificate at this target, newest first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What was done, a line each.</returns>
    Task<IReadOnlyList<string>> RemoveAsync(IReadOnlyList<Deployment> deployments, CancellationToken cancellationToken);

    /// <summary>Tries whether a deployment could be done, without leaving anything.</summary>
    /// <returns>What was tried, a line each.</returns>
    Task<IReadOnlyList<string>> TryAsync(CancellationToken cancellationToken);
}
