using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Deployments;

/// <summary>
/// The file system of a target, and its command line. Paths are as the target writes them. A file that is written is there whole or not at all, and can be read by its
/// owner only from its first byte on, until its rights are set.
/// </summary>
internal interface IFileTransport : IDisposable
{
    /// <summary>What to call the target in an error.</summary>
    string Name { get; }

    /// <summary>True when the target has commands and Unix owners.</summary>
    bool CanRun { get; }

    /// <summary>The bytes of a file; <c>null</c> when there is none.</summary>
    Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>What lies at a path, links followed; <c>null</c> when there is nothing.</summary>
    Task<FileFacts?> LookAsync(string path, CancellationToken cancellationToken);

    /// <summary>The path of an entry of a folder.</summary>
    string Combine(string folder, string name);

    /// <summary>Makes a new file with these bytes, for the owner only (0600). One of this name that is there is replaced.</summary>
    Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken);

    /// <summary>Gives a file the owner and the rights of another one, as far as the system allows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The other one.</param>
    /// <param name="isPrivate">True when others must not read it, whatever the other one allows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task CopyRightsAsync(string path, string model, bool isPrivate, CancellationToken cancellationToken);

    /// <summary>Sets the rights of a file.</summary>
    Task SetModeAsync(string path, int mode, CancellationToken cancellationToken);

    /// <summary>Sets the owner of a file, "user", "user:group" or ":group".</summary>
    /// <exception cref="DeploymentException">KmTargetRightMissing.</exception>
    Task SetOwnerAsync(string path, string owner, CancellationToken cancellationToken);

    /// <summary>Gives a file the name of another one, which it replaces in one step.</summary>
    Task RenameAsync(string from, string to, CancellationToken cancellationToken);

    /// <summary>Removes a file; one that is not there is no error.</summary>
    Task RemoveAsync(string path, CancellationToken cancellationToken);

    /// <summary>Whether a folder is there.</summary>
    Task<bool> FolderExistsAsync(string path, CancellationToken cancellationToken);

    /// <summary>Makes a folder that everybody may read, and those above it; true when it was not there before.</summary>
    Task<bool> MakeFolderAsync(string path, CancellationToken cancellationToken);

    /// <summary>The names in a folder, in no order; empty when there is no such folder.</summary>
    Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken);

    /// <summary>Removes a folder when it is empty.</summary>
    Task RemoveFolderAsync(string path, CancellationToken cancellationToken);

    /// <summary>Runs a command line of the user's in the target's shell.</summary>
    /// <returns>Exit code and the end of what it said.</returns>
    Task<CommandOutcome> RunAsync(string command, CancellationToken cancellationToken);
}
