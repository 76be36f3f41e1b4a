using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Providers.Challenges;

namespace KeyManager.Providers.Deployments;

/// <summary>A kind of target that takes challenge files, below its setting WebRoot.</summary>
internal interface IChallengeFileKind : IDeployKind
{
    /// <summary>Puts files there, with the folders that they need, and a web.config beside them where the target wants one. What is there already is replaced.</summary>
    /// <param name="context">The target.</param>
    /// <param name="root">Its web root.</param>
    /// <param name="files">The files.</param>
    /// <param name="made">Hears of each folder that was not there before, also when a later step fails.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ChallengeException">KmChallengeNotPublished.</exception>
    /// <exception cref="DeploymentException">KmTargetRightMissing, KmTargetRefused, ...</exception>
    Task PublishAsync(DeployContext context, string root, IReadOnlyList<ChallengeFile> files, Action<string> made, CancellationToken cancellationToken);

    /// <summary>Takes files away, the web.config with the last of them, and then those of some folders that are empty. What is not there any more is no error.</summary>
    /// <param name="context">The target.</param>
    /// <param name="root">Its web root.</param>
    /// <param name="files">The files.</param>
    /// <param name="made">The folders of the target that were made for challenge files.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DeploymentException">KmTargetRightMissing, KmTargetRefused, ...</exception>
    Task RemoveAsync(DeployContext context, string root, IReadOnlyList<ChallengeFile> files, IReadOnlyCollection<string> made, CancellationToken cancellationToken);
}
