using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Files;

namespace KeyManager.Providers.Deployments;

/// <summary>The file system of this machine, with what is mounted there and with shares.</summary>
internal sealed class LocalTransport(Clock clock, string name, bool canRun, TimeSpan commandTime) : IFileTransport
{
    private const int FolderMode = 0x1ED; // 0755
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int QuotaWindows = unchecked((int)0x8007050F);

    private static readonly bool OnWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    public string Name => name;

    public bool CanRun => canRun;

    public Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) => Do<byte[]?>(path, "cannot be read", () =>
    {
        if (Directory.Exists(path))
        {
            throw DeployProblems.Refused(name, path, "is a folder");
        }

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

    public Task<FileFacts?> LookAsync(string path, CancellationToken cancellationToken) => Do<FileFacts?>(path, "cannot be looked at", () =>
    {
        try
        {
            FileInfo file = new(path);
            bool isLink = (file.Attributes & FileAttributes.ReparsePoint) != 0;
            return Directory.Exists(path) ? new FileFacts(true, isLink, 0) : file.Exists ? new FileFacts(false, isLink, LengthOf(path, file)) : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

    public string Combine(string folder, string name) => Path.Combine(folder, name);

    public Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken) => Do(path, "cannot be written", () =>
    {
        File.Delete(path);
        PrivateFile.WriteNew(path, content);
    });

    public Task CopyRightsAsync(string path, string model, bool isPrivate, CancellationToken cancellationToken) => Do(path, "cannot get its rights", () =>
    {
        if (OnWindows)
        {
            if (NativeWindows.GetAccessList(model) is string list)
            {
                _ = NativeWindows.SetAccessList(path, list);
            }

            return;
        }

        if (NativeUnix.GetStatus(model) is UnixFileStatus status)
        {
            // Works for root only; for others the file is theirs, as any file they write.
            _ = NativeUnix.ChangeOwner(path, status.UserId, status.GroupId);
            _ = NativeUnix.ChangeMode(path, FileRights.Of(status.Permissions, isPrivate));
        }
    });

    public Task SetModeAsync(string path, int mode, CancellationToken cancellationToken) => Do(path, "cannot get its rights", () =>
    {
        if (!OnWindows)
        {
            Check(NativeUnix.ChangeMode(path, mode), path, "cannot get its rights");
        }
    });

    public async Task SetOwnerAsync(string path, string owner, CancellationToken cancellationToken)
    {
        if (OnWindows)
        {
            return;
        }

        CommandOutcome outcome = await ChildProgram.RunAsync(clock, "chown", ["--", owner, path], null, commandTime, cancellationToken).ConfigureAwait(false);
        if (outcome.ExitCode != 0)
        {
            throw DeployProblems.NoRight(name, path, $"cannot be given to {owner} ({outcome.Output})");
        }
    }

    public Task RenameAsync(string from, string to, CancellationToken cancellationToken) => Do(to, "cannot be replaced", () =>
    {
        if (OnWindows)
        {
            int error = NativeWindows.Replace(from, to);
            if (error != 0)
            {
                throw new IOException(new System.ComponentModel.Win32Exception(error).Message, error);
            }

            return;
        }

        Check(NativeUnix.Rename(from, to), to, "cannot be replaced");
        PrivateFile.SyncFolderOf(to);
    });

    public Task RemoveAsync(string path, CancellationToken cancellationToken) => Do(path, "cannot be removed", () =>
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone with its folder.
        }
    });

    public Task<bool> FolderExistsAsync(string path, CancellationToken cancellationToken) => Task.FromResult(Directory.Exists(path));

    public Task<bool> MakeFolderAsync(string path, CancellationToken cancellationToken) => Do(path, "cannot be made", () =>
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        Directory.CreateDirectory(path);
        if (!OnWindows)
        {
            _ = NativeUnix.ChangeMode(path, FolderMode);
        }

        return true;
    });

    public Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken) => Do<IReadOnlyList<string>>(path, "cannot be listed", () =>
        Directory.Exists(path) ? [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry))] : []);

    public Task RemoveFolderAsync(string path, CancellationToken cancellationToken) => Do(path, "cannot be removed", () =>
    {
        if (Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any())
        {
            Directory.Delete(path, recursive: false);
        }
    });

    public async Task<CommandOutcome> RunAsync(string command, CancellationToken cancellationToken)
    {
        try
        {
            // The command line is the user's own; nothing is put into it.
            return OnWindows
                ? await ChildProgram.RunAsync(clock, Environment.GetEnvironmentVariable("ComSpec") ?? "cmd.exe", ["/d", "/s", "/c", command], null, commandTime, cancellationToken).ConfigureAwait(false)
                : await ChildProgram.RunAsync(clock, "/bin/sh", ["-c", command], null, commandTime, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return new CommandOutcome(-1, $"it did not end within {commandTime.TotalSeconds:0} seconds");
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    // A link's own length is that of its text; and what is no real file must not be opened, for it may never answer.
    private static long LengthOf(string path, FileInfo file)
    {
        if ((file.Attributes & FileAttributes.ReparsePoint) == 0)
        {
            return file.Length;
        }

        if (!OnWindows && NativeUnix.GetStatus(path) is not { IsRegularFile: true })
        {
            return 0;
        }

        using FileStream target = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return target.Length;
    }

    private Task Do(string path, string problem, Action work) => Do(path, problem, () =>
    {
        work();
        return true;
    });

    private Task<T> Do<T>(string path, string problem, Func<T> work)
    {
        try
        {
            return Task.FromResult(work());
        }
        catch (UnauthorizedAccessException error)
        {
            throw DeployProblems.NoRight(name, path, problem, error);
        }
        catch (DeploymentException error) when (error.ErrorId == ErrorIds.FileNotWritable)
        {
            throw Translate(error, path, problem);
        }
        catch (IOException error)
        {
            throw IsDiskFull(error) ? DeployProblems.DiskFull(name, path, error) : DeployProblems.Refused(name, path, $"{problem}: {error.Message.TrimEnd('.')}", error);
        }
    }

    private DeploymentException Translate(DeploymentException error, string path, string problem) => error.InnerException switch
    {
        UnauthorizedAccessException inner => DeployProblems.NoRight(name, path, problem, inner),
        IOException inner when IsDiskFull(inner) => DeployProblems.DiskFull(name, path, inner),
        _ when error.Message.Contains(NativeUnix.Describe(1)) => DeployProblems.NoRight(name, path, problem, error),
        _ when error.Message.Contains(NativeUnix.Describe(28)) || error.Message.Contains(NativeUnix.Describe(122)) => DeployProblems.DiskFull(name, path, error),
        _ => DeployProblems.Refused(name, path, $"{problem}: {error.Message.TrimEnd('.')}", error),
    };

    private static bool IsDiskFull(IOException error) => OnWindows
        ? error.HResult is DiskFullWindows or QuotaWindows
        : (error.HResult & 0xFFFF) is 28 or 122 || error.Message.IndexOf("No space left", StringComparison.OrdinalIgnoreCase) >= 0 || error.Message.IndexOf("disk full", StringComparison.OrdinalIgnoreCase) >= 0;

    private void Check(int error, string path, string problem)
    {
        if (error is 1 or 13)
        {
            throw DeployProblems.NoRight(name, path, problem);
        }

        if (error != 0)
        {
            throw error is 28 or 122 ? DeployProblems.DiskFull(name, path) : DeployProblems.Refused(name, path, $"{problem}: {NativeUnix.Describe(error)}");
        }
    }
}
