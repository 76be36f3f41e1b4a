using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Providers.Challenges;

namespace KeyManager.Providers.Deployments;

/// <summary>The challenge files below a web root, on whatever file system it is.</summary>
internal sealed class ChallengeFolder(IFileTransport transport, DeployContext target, string root)
{
    private string Outer => $"{root}/{ChallengeFile.WellKnown}";

    /// <exception cref="ChallengeException">KmChallengeNotPublished: the web root is not there.</exception>
    public async Task PublishAsync(IReadOnlyList<ChallengeFile> files, Action<string> made, CancellationToken cancellationToken)
    {
        if (!await transport.FolderExistsAsync(root, cancellationToken).ConfigureAwait(false))
        {
            throw ChallengeFile.NotPublished(
                files[0].Challenge, $"the web root {root} does not exist on {target.Target.Name}.", $"Name the one that the web server serves: Set-KmDeployTarget {target.Target.Name} -WebRoot.");
        }

        foreach (ChallengeFile file in files)
        {
            string folder = $"{Outer}/{file.Folder}";
            foreach (string needed in new[] { Outer, folder })
            {
                if (await transport.MakeFolderAsync(needed, cancellationToken).ConfigureAwait(false))
                {
                    made(needed);
                }
            }

            await WriteAsync($"{folder}/{file.Name}", file.Content, cancellationToken).ConfigureAwait(false);
            if (target.Setting(DeploySettings.WebConfig) == bool.TrueString && await transport.ReadAsync($"{folder}/{WebConfigFile.Name}", cancellationToken).ConfigureAwait(false) is null)
            {
                await WriteAsync($"{folder}/{WebConfigFile.Name}", WebConfigFile.Content, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async Task RemoveAsync(IReadOnlyList<ChallengeFile> files, IReadOnlyCollection<string> made, CancellationToken cancellationToken)
    {
        foreach (ChallengeFile file in files)
        {
            await transport.RemoveAsync($"{Outer}/{file.Folder}/{file.Name}", cancellationToken).ConfigureAwait(false);
        }

        foreach (string folder in files.Select(f => $"{Outer}/{f.Folder}").Distinct())
        {
            IReadOnlyList<string> left = await transport.ListAsync(folder, cancellationToken).ConfigureAwait(false);
            string config = $"{folder}/{WebConfigFile.Name}";
            if (left.Count == 1 && left[0] == WebConfigFile.Name
                && await transport.ReadAsync(config, cancellationToken).ConfigureAwait(false) is byte[] there && Enumerable.SequenceEqual(there, WebConfigFile.Content))
            {
                await transport.RemoveAsync(config, cancellationToken).ConfigureAwait(false);
            }

            foreach (string ours in new[] { folder, Outer }.Where(made.Contains))
            {
                await transport.RemoveFolderAsync(ours, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Beside and renamed: the web server never hands out half of it. Everybody may read it: it is public by design, and the web server another user.
    private async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        string beside = $"{path}.{Identifier.New()}";
        await transport.WriteAsync(beside, content, cancellationToken).ConfigureAwait(false);
        await transport.SetModeAsync(beside, FileRights.Public, cancellationToken).ConfigureAwait(false);
        await transport.RenameAsync(beside, path, cancellationToken).ConfigureAwait(false);
    }
}
