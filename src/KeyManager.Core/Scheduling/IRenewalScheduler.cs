using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Scheduling;

/// <summary>A scheduler of the machine that can run Invoke-KmRenewal.</summary>
public interface IRenewalScheduler
{
    /// <summary>Which kind it is.</summary>
    RenewalScheduler Kind { get; }

    /// <summary>Whether this machine has it and this user may use it; otherwise why not.</summary>
    /// <returns><c>null</c> when it can be used.</returns>
    string? WhyNot();

    /// <summary>The texts that the task consists of, by the path or name under which they go to the scheduler. Changes nothing.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Describe(RenewalTask task);

    /// <summary>Why another user could not read and write these files; <c>null</c> when that user can, or it cannot be found out before the task runs.</summary>
    Task<string?> WhyCannotReadAsync(string userName, IReadOnlyList<string> files, CancellationToken cancellationToken);

    /// <summary>Makes the task, or replaces the one of that name.</summary>
    /// <param name="task">The task.</param>
    /// <param name="password">Password of its user, where it needs one; the caller overwrites it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DeploymentException">KmTaskNotRegistered: the scheduler said no.</exception>
    Task<RenewalTask> RegisterAsync(RenewalTask task, char[]? password, CancellationToken cancellationToken);

    /// <summary>The tasks of KeyManager that it has.</summary>
    Task<IReadOnlyList<RenewalTask>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes a task.</summary>
    /// <exception cref="DeploymentException">KmTaskNotRegistered.</exception>
    Task RemoveAsync(RenewalTask task, CancellationToken cancellationToken);
}
