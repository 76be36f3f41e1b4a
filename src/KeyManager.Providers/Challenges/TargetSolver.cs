using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Providers.Deployments;
using KeyManager.Storage;

namespace KeyManager.Providers.Challenges;

/// <summary>
/// Publishes challenges that are files on the deployment targets of the domain: on each that has a web root, since an authority may come to any of them. One connection for each target
/// and order.
/// </summary>
/// <param name="store">For targets and mappings.</param>
/// <param name="kinds">The kinds of target.</param>
internal sealed class TargetSolver(IStore store, DeployKindRegistry kinds) : IBatchSolver
{
    // Folders that were there before are somebody's, even when they are empty. What another process made is not known here and stays.
    private readonly HashSet<(string TargetId, string Folder)> _madeFolders = [];

    /// <inheritdoc/>
    public string Name => "Target";

    /// <inheritdoc/>
    public bool CanSolve(CertificateOrder order, Challenge challenge) =>
        challenge.Type.IsFile()
        && order is { WebRootPath: null, ListenAddress: null, ChallengeScript: null, DnsAccount: null }
        && store.Read(session => TargetsOf(session, order, challenge).Count > 0);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Challenge>> PlaceAsync(SolverContext context, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken) => Task.FromResult(store.Read(session =>
        (IReadOnlyList<Challenge>)[.. challenges.Select(c => c.PublishedBy == Name ? c : c with { DeployTargets = [.. TargetsOf(session, context.Order, c).Select(t => t.Id)] })]));

    /// <inheritdoc/>
    public string PlaceOf(Challenge challenge) => string.Join(" ", challenge.DeployTargets);

    /// <inheritdoc/>
    public Task PresentAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken) => PresentAsync(context, [challenge], cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ChallengeException">KmChallengeNotPublished.</exception>
    /// <exception cref="DeploymentException">KmTargetRightMissing, KmTargetRefused, ...</exception>
    public Task PresentAsync(SolverContext context, IReadOnlyList<Challenge> ofOnePlace, CancellationToken cancellationToken) =>
        ForEachTargetAsync(context, ofOnePlace, (kind, target, root, files) => kind.PublishAsync(target, root, files, folder => Remember(target, folder), cancellationToken));

    /// <inheritdoc/>
    public Task CleanUpAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken) => CleanUpAsync(context, [challenge], cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="DeploymentException">KmTargetRightMissing, KmTargetRefused, ...</exception>
    public Task CleanUpAsync(SolverContext context, IReadOnlyList<Challenge> ofOnePlace, CancellationToken cancellationToken) =>
        ForEachTargetAsync(context, ofOnePlace, (kind, target, root, files) => kind.RemoveAsync(target, root, files, MadeAt(target), cancellationToken));

    private async Task ForEachTargetAsync(SolverContext context, IReadOnlyList<Challenge> challenges, Func<IChallengeFileKind, DeployContext, string, IReadOnlyList<ChallengeFile>, Task> work)
    {
        List<ChallengeFile> files = [.. challenges.Select(ChallengeFile.Of)];
        foreach (string id in challenges[0].DeployTargets)
        {
            DeployTarget? found = store.Read(session => session.DeployTargets.Find(id));
            if (found is null || kinds.Get(found.Kind) is not IChallengeFileKind kind || WebRootOf(found) is not string root)
            {
                // Removed since: nobody knows the way there any more.
                context.Reporter.Warn($"The challenge files on a target that was removed or has no web root any more could not be reached ({found?.Name ?? id}).");
                continue;
            }

            await work(kind, DeployAccess.Context(store, found, context.Reporter, context.Scripts), root, files).ConfigureAwait(false);
        }
    }

    private void Remember(DeployContext target, string folder)
    {
        lock (_madeFolders)
        {
            _madeFolders.Add((target.Target.Id, folder));
        }
    }

    private IReadOnlyCollection<string> MadeAt(DeployContext target)
    {
        lock (_madeFolders)
        {
            return [.. _madeFolders.Where(m => m.TargetId == target.Target.Id).Select(m => m.Folder)];
        }
    }

    private IReadOnlyList<DeployTarget> TargetsOf(IStoreSession session, CertificateOrder order, Challenge challenge)
    {
        IReadOnlyList<string> names = order.DeployTargets.Count > 0 ? order.DeployTargets : DeployAccess.TargetsOf(session.DomainMappings.List(), challenge.DomainName);
        return [.. names.Select(session.DeployTargets.FindByName).OfType<DeployTarget>().Where(t => WebRootOf(t) is not null && kinds.All.Any(k => k is IChallengeFileKind && k.Description.Name == t.Kind))];
    }

    private static string? WebRootOf(DeployTarget target) =>
        target.Settings.TryGetValue(DeploySettings.WebRoot, out string? root) && !string.IsNullOrWhiteSpace(root) ? root.Trim().TrimEnd('/', '\\') : null;
}
