using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Deployments: what is on its way, in place, and what was.</summary>
public interface IDeploymentStore
{
    /// <summary>Stores a new one, or replaces the one with its identifier.</summary>
    void Put(Deployment deployment);

    Deployment? Find(string id);

    /// <summary>The deployments, newest first.</summary>
    /// <param name="targetId">Only to this target; <c>null</c> for all.</param>
    /// <param name="lineageId">Only of this entry; <c>null</c> for all.</param>
    /// <param name="limit">How many at most.</param>
    IReadOnlyList<Deployment> List(string? targetId, string? lineageId, int limit = 1000);

    /// <summary>Removes one; <c>false</c> when there was none.</summary>
    bool Remove(string id);
}
