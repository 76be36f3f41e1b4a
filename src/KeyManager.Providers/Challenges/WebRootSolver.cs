using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Files;
using KeyManager.Challenges;
using KeyManager.Storage;

namespace KeyManager.Providers.Challenges;

/// <summary>
/// Publishes challenges that are files (RFC 8555 §8.3; Baseline Requirements §3.2.2.4.18) below the folder that a web server of this machine serves, over HTTP or HTTPS. May be used from several threads.
/// </summary>
/// <remarks>
/// The web server usually runs as another user, so file and folders are readable by everybody; a key authorization is public by design.
/// </remarks>
public sealed class WebRootSolver(IFileWriter files) : IChallengeSolver
{
    private const int Tries = 3;

    // Folders that were there before are somebody's, even when they are empty. What another process made is not known here and stays.
    private readonly HashSet<string> _madeFolders = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "WebRoot";

    /// <inheritdoc/>
    public bool CanSolve(CertificateOrder order, Challenge challenge) =>
        challenge.Type.IsFile() && !string.IsNullOrWhiteSpace(order.WebRootPath);

    /// <inheritdoc/>
    /// <exception cref="ChallengeException">KmChallengeNotPublished: no such web root, or nothing to publish.</exception>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    public Task PresentAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        CertificateOrder order = context.Order;
        string file = PathOf(order, challenge);
        byte[] content = ChallengeFile.Of(challenge).Content;
        string root = Path.GetFullPath(order.WebRootPath!); // PathOf has seen it
        if (!Directory.Exists(root))
        {
            throw ChallengeFile.NotPublished(challenge, $"the web root {root} does not exist.", "Create the folder, or give the one that the web server serves with -WebRootPath.");
        }

        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                MakeFolders(root, challenge.Type);
                files.WriteAll([new FileContent(file, content, IsPrivate: false, IsLasting: false)]);
                UnixMode.Set(file, UnixMode.File);
                return Task.CompletedTask;
            }
            catch (Exception error) when (attempt < Tries && error is DeploymentException or IOException && !Directory.Exists(Path.GetDirectoryName(file)))
            {
                // Another order has just cleaned up and took the empty folder with it: make it again.
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw NotWritable(file, error);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DeploymentException">KmFileNotWritable: the file is there and cannot be removed.</exception>
    public Task CleanUpAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        CertificateOrder order = context.Order;
        string file = PathOf(order, challenge);
        try
        {
            File.Delete(file);
        }
        catch (DirectoryNotFoundException)
        {
            // Never published, or gone with its folder.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(file, error);
        }

        RemoveFolders(Path.GetFullPath(order.WebRootPath!), challenge.Type); // PathOf has seen it
        return Task.CompletedTask;
    }

    private static string PathOf(CertificateOrder order, Challenge challenge)
    {
        string root = string.IsNullOrWhiteSpace(order.WebRootPath)
            ? throw ChallengeFile.NotPublished(challenge, "the order has no web root.", "Give the folder that the web server serves with -WebRootPath.")
            : Path.GetFullPath(order.WebRootPath);

        ChallengeFile file = ChallengeFile.Of(challenge);
        return Path.Combine(root, ChallengeFile.WellKnown, file.Folder, file.Name);
    }

    private void MakeFolders(string root, ChallengeType type)
    {
        string folder = root;
        foreach (string name in new[] { ChallengeFile.WellKnown, ChallengeFile.FolderOf(type) })
        {
            folder = Path.Combine(folder, name);
            lock (_madeFolders)
            {
                if (!Directory.Exists(folder))
                {
                    Directory.CreateDirectory(folder);
                    _madeFolders.Add(folder);
                    UnixMode.Set(folder, UnixMode.Folder);
                }
            }
        }
    }

    private void RemoveFolders(string root, ChallengeType type)
    {
        string inner = Path.Combine(root, ChallengeFile.WellKnown, ChallengeFile.FolderOf(type));
        foreach (string folder in new[] { inner, Path.Combine(root, ChallengeFile.WellKnown) })
        {
            lock (_madeFolders)
            {
                if (!_madeFolders.Contains(folder))
                {
                    return;
                }

                try
                {
                    Directory.Delete(folder, recursive: false);
                    _madeFolders.Remove(folder);
                }
                catch (DirectoryNotFoundException)
                {
                    _madeFolders.Remove(folder);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // Not empty: another order is still at it. The last one to go closes the door.
                    return;
                }
            }
        }
    }

    private static DeploymentException NotWritable(string file, Exception error) =>
        new(ErrorIds.FileNotWritable, $"{file} cannot be written or removed: {error.Message}", error)
        {
            Target = file,
            Remedy = "Run this as a user who may write below the web root.",
        };
}
