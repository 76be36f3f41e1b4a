using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
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
    private const string WellKnown = ".well-known";
    private const string WebConfig = "web.config";

    // IIS hands out no file without an extension, unless it is told what it is and who hands it out.
    private static readonly byte[] WebConfigContent = Encoding.UTF8.GetBytes(
        """
        <?xml version="1.0" encoding="utf-8"?>
        <!-- Written by KeyManager for the time of a challenge. -->
        <configuration>
          <system.webServer>
            <staticContent>
              <mimeMap fileExtension="." mimeType="text/plain" />
            </staticContent>
            <handlers>
              <clear />
              <add name="StaticFile" path="*" verb="GET,HEAD" modules="StaticFileModule" resourceType="File" requireAccess="Read" />
            </handlers>
          </system.webServer>
        </configuration>

        """);

    // Folders that were there before are somebody's, even when they are empty. What another process made is not known here and stays.
    private readonly HashSet<string> _madeFolders = new(StringComparer.Ordinal);

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
    public Task PresentAsync(SolverContext context, IReadOnlyList<Challenge> ofOnePlace, CancellationToken cancellationToken) => ForEachTargetAsync(
        context,
        ofOnePlace,
        async (transport, target, root) =>
        {
            if (!await transport.FolderExistsAsync(root, cancellationToken).ConfigureAwait(false))
            {
                throw NotPublished(ofOnePlace[0], $"the web root {root} does not exist on {target.Target.Name}.", $"Name the one that the web server serves: Set-KmDeployTarget {target.Target.Name} -WebRoot.");
            }

            foreach (Challenge challenge in ofOnePlace)
            {
                string folder = await MakeFoldersAsync(transport, target, root, challenge, cancellationToken).ConfigureAwait(false);
                byte[] value = Encoding.ASCII.GetBytes(challenge.Value ?? throw NotPublished(challenge, "the authority gave no content for its file.", null));
                string path = $"{folder}/{FileName(challenge)}";
                await PublishAsync(transport, path, value, cancellationToken).ConfigureAwait(false);
                if (target.Setting(DeploySettings.WebConfig) == bool.TrueString && await transport.ReadAsync($"{folder}/{WebConfig}", cancellationToken).ConfigureAwait(false) is null)
                {
                    await PublishAsync(transport, $"{folder}/{WebConfig}", WebConfigContent, cancellationToken).ConfigureAwait(false);
                }
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task CleanUpAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken) => CleanUpAsync(context, [challenge], cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="DeploymentException">KmTargetRightMissing, KmTargetRefused, ...</exception>
    public Task CleanUpAsync(SolverContext context, IReadOnlyList<Challenge> ofOnePlace, CancellationToken cancellationToken) => ForEachTargetAsync(
        context,
        ofOnePlace,
        async (transport, target, root) =>
        {
            foreach (Challenge challenge in ofOnePlace)
            {
                await transport.RemoveAsync($"{FolderOf(root, challenge)}/{FileName(challenge)}", cancellationToken).ConfigureAwait(false);
            }

            foreach (string folder in ofOnePlace.Select(c => FolderOf(root, c)).Distinct())
            {
                await TidyAsync(transport, target, root, folder, cancellationToken).ConfigureAwait(false);
            }
        },
        cancellationToken);

    private async Task ForEachTargetAsync(SolverContext context, IReadOnlyList<Challenge> challenges, Func<IFileTransport, DeployContext, string, Task> work, CancellationToken cancellationToken)
    {
        foreach (string id in challenges[0].DeployTargets)
        {
            DeployTarget? found = store.Read(session => session.DeployTargets.Find(id));
            if (found is null || kinds.Get(found.Kind) is not IFileKind kind || WebRootOf(found) is not string root)
            {
                // Removed since: nobody knows the way there any more.
                context.Reporter.Warn($"The challenge files on a target that was removed or has no web root any more could not be reached ({found?.Name ?? id}).");
                continue;
            }

            DeployContext target = DeployAccess.Context(store, found, context.Reporter, context.Scripts);
            using IFileTransport transport = await kind.ConnectAsync(target, cancellationToken).ConfigureAwait(false);
            await work(transport, target, root).ConfigureAwait(false);
        }
    }

    // Beside and renamed: the web server never hands out half of it. Everybody may read it: it is public by design, and the web server another user.
    private static async Task PublishAsync(IFileTransport transport, string path, byte[] content, CancellationToken cancellationToken)
    {
        string beside = $"{path}.{Identifier.New()}";
        await transport.WriteAsync(beside, content, cancellationToken).ConfigureAwait(false);
        await transport.SetModeAsync(beside, FileRights.Public, cancellationToken).ConfigureAwait(false);
        await transport.RenameAsync(beside, path, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> MakeFoldersAsync(IFileTransport transport, DeployContext target, string root, Challenge challenge, CancellationToken cancellationToken)
    {
        string inner = FolderOf(root, challenge);
        foreach (string folder in new[] { $"{root}/{WellKnown}", inner })
        {
            if (await transport.MakeFolderAsync(folder, cancellationToken).ConfigureAwait(false))
            {
                lock (_madeFolders)
                {
                    _madeFolders.Add(KeyOf(target, folder));
                }
            }
        }

        return inner;
    }

    /// <summary>The web.config goes with the last challenge file, and folders of ours with what is in them.</summary>
    private async Task TidyAsync(IFileTransport transport, DeployContext target, string root, string folder, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> left = await transport.ListAsync(folder, cancellationToken).ConfigureAwait(false);
        if (left.Count == 1 && left[0] == WebConfig
            && await transport.ReadAsync($"{folder}/{WebConfig}", cancellationToken).ConfigureAwait(false) is byte[] there && Enumerable.SequenceEqual(there, WebConfigContent))
        {
            await transport.RemoveAsync($"{folder}/{WebConfig}", cancellationToken).ConfigureAwait(false);
        }

        foreach (string made in new[] { folder, $"{root}/{WellKnown}" })
        {
            bool isOurs;
            lock (_madeFolders)
            {
                isOurs = _madeFolders.Contains(KeyOf(target, made));
            }

            if (isOurs)
            {
                await transport.RemoveFolderAsync(made, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private IReadOnlyList<DeployTarget> TargetsOf(IStoreSession session, CertificateOrder order, Challenge challenge)
    {
        IReadOnlyList<string> names = order.DeployTargets.Count > 0 ? order.DeployTargets : DeployAccess.TargetsOf(session.DomainMappings.List(), challenge.DomainName);
        return [.. names.Select(session.DeployTargets.FindByName).OfType<DeployTarget>().Where(t => WebRootOf(t) is not null && kinds.All.Any(k => k is IFileKind && k.Description.Name == t.Kind))];
    }

    private static string? WebRootOf(DeployTarget target) =>
        target.Settings.TryGetValue(DeploySettings.WebRoot, out string? root) && !string.IsNullOrWhiteSpace(root) ? root.Trim().TrimEnd('/', '\\') : null;

    private static string FolderOf(string root, Challenge challenge) => $"{root}/{WellKnown}/{(challenge.Type == ChallengeType.Http01 ? "acme-challenge" : "pki-validation")}";

    // RFC 8555 §8.3: base64url only, elsewhere with an extension. The authority chose it, and it becomes part of a path.
    private static string FileName(Challenge challenge) => challenge.Token is { Length: > 0 and <= 255 } token && token[0] != '.'
        && token.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' || (challenge.Type != ChallengeType.Http01 && c == '.'))
        ? token
        : throw NotPublished(challenge, "the authority's token holds characters other than those of base64url; it is not used as a file name.", null);

    private static string KeyOf(DeployContext target, string folder) => $"{target.Target.Id} {folder}";

    private static ChallengeException NotPublished(Challenge challenge, string cause, string? remedy) =>
        new(ErrorIds.ChallengeNotPublished, $"The challenge file for {challenge.DomainName} cannot be published: {cause}") { Target = challenge, Remedy = remedy };
}
