using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Deployments.Ssh;

/// <summary>A server by way of the system's ssh: SFTP on the connection that it opens, commands beside it on the same one.</summary>
internal sealed class SshTransport : IFileTransport
{
    private const int FolderMode = 0x1ED; // 0755
    private const int SshFailed = 255;

    private readonly SshSettings _settings;
    private readonly SshFolder _folder;
    private readonly ChildProgram _ssh;
    private readonly SftpClient _sftp;
    private readonly Clock _clock;
    private readonly TimeSpan _commandTime;

    private SshTransport(SshSettings settings, SshFolder folder, ChildProgram ssh, Clock clock, TimeSpan commandTime)
    {
        _settings = settings;
        _folder = folder;
        _ssh = ssh;
        _sftp = new SftpClient(ssh.Input, ssh.Output);
        _clock = clock;
        _commandTime = commandTime;
    }

    public string Name => _settings.HostName;

    public bool CanRun => true;

    public static async Task<IFileTransport> ConnectAsync(SshSettings settings, DeployContext context, Clock clock, TimeSpan commandTime, CancellationToken cancellationToken)
    {
        SshFolder folder = new(settings, context);
        SshTransport? transport = null;
        try
        {
            List<string> arguments = Arguments(settings, folder);
            arguments.AddRange(folder.Socket is null ? [] : ["-o", "ControlMaster=yes", "-o", "ControlPath=" + folder.Socket, "-o", "ControlPersist=no"]);
            ChildProgram ssh = new(clock, "ssh", [.. arguments, "-s", "--", settings.HostName, "sftp"], folder.Environment);
            transport = new SshTransport(settings, folder, ssh, clock, commandTime);
            await transport.AskAsync("", async (sftp, token) =>
            {
                await sftp.StartAsync(token).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
            return transport;
        }
        catch
        {
            transport?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    public async Task<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(path, (sftp, token) => sftp.ReadFileAsync(path, token), cancellationToken, "cannot be read").ConfigureAwait(false);
        }
        catch (DeploymentException error) when (IsMissing(error))
        {
            return null;
        }
    }

    public async Task<FileFacts?> LookAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            SftpAttributes own = await AskAsync(path, (sftp, token) => sftp.GetOwnAttributesAsync(path, token), cancellationToken).ConfigureAwait(false);
            SftpAttributes file = own.IsLink ? await AskAsync(path, (sftp, token) => sftp.GetAttributesAsync(path, token), cancellationToken).ConfigureAwait(false) : own;
            return new FileFacts(file.IsFolder, own.IsLink, file.IsRegularFile ? (long)(file.Size ?? 0) : 0);
        }
        catch (DeploymentException error) when (IsMissing(error))
        {
            return null;
        }
    }

    public string Combine(string folder, string name) => folder.TrimEnd('/') + "/" + name;

    public async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        await RemoveAsync(path, cancellationToken).ConfigureAwait(false);
        await DoAsync(path, "cannot be written", (sftp, token) => sftp.WriteNewFileAsync(path, content, FileRights.Private, token), cancellationToken).ConfigureAwait(false);
    }

    public async Task CopyRightsAsync(string path, string model, bool isPrivate, CancellationToken cancellationToken)
    {
        SftpAttributes old = await AskAsync(model, (sftp, token) => sftp.GetAttributesAsync(model, token), cancellationToken).ConfigureAwait(false);
        SftpAttributes made = await AskAsync(path, (sftp, token) => sftp.GetAttributesAsync(path, token), cancellationToken).ConfigureAwait(false);
        if (old is { UserId: uint user, GroupId: uint group } && (user != made.UserId || group != made.GroupId))
        {
            try
            {
                await _sftp.SetOwnerAsync(path, user, group, cancellationToken).ConfigureAwait(false);
            }
            catch (SftpStatusException)
            {
                // Works for root only; for others the file is theirs, as any file they write.
            }
        }

        if (old.Mode is int mode)
        {
            await SetModeAsync(path, FileRights.Of(mode, isPrivate), cancellationToken).ConfigureAwait(false);
        }
    }

    public Task SetModeAsync(string path, int mode, CancellationToken cancellationToken) =>
        DoAsync(path, "cannot get its rights", (sftp, token) => sftp.SetModeAsync(path, mode, token), cancellationToken);

    public async Task SetOwnerAsync(string path, string owner, CancellationToken cancellationToken)
    {
        // SFTP knows numbers only, and the names are the server's.
        CommandOutcome outcome = await RunAsync($"chown -- {CommandLine.ShellWord(owner)} {CommandLine.ShellWord(path)}", cancellationToken).ConfigureAwait(false);
        if (outcome.ExitCode != 0)
        {
            throw DeployProblems.NoRight(Name, path, $"cannot be given to {owner} ({outcome.Output})");
        }
    }

    public Task RenameAsync(string from, string to, CancellationToken cancellationToken) => DoAsync(to, "cannot be replaced", (sftp, token) => sftp.RenameAsync(from, to, token), cancellationToken);

    public async Task RemoveAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await DoAsync(path, "cannot be removed", (sftp, token) => sftp.RemoveAsync(path, token), cancellationToken).ConfigureAwait(false);
        }
        catch (DeploymentException error) when (IsMissing(error))
        {
            // Gone already.
        }
    }

    public async Task<bool> FolderExistsAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await AskAsync(path, (sftp, token) => sftp.GetAttributesAsync(path, token), cancellationToken).ConfigureAwait(false)).IsFolder;
        }
        catch (DeploymentException error) when (IsMissing(error))
        {
            return false;
        }
    }

    public async Task<bool> MakeFolderAsync(string path, CancellationToken cancellationToken)
    {
        if (await FolderExistsAsync(path, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await DoAsync(path, "cannot be made", (sftp, token) => sftp.MakeFolderAsync(path, FolderMode, token), cancellationToken).ConfigureAwait(false);
        await SetModeAsync(path, FolderMode, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public async Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(path, (sftp, token) => sftp.ListAsync(path, token), cancellationToken, "cannot be listed").ConfigureAwait(false);
        }
        catch (DeploymentException error) when (IsMissing(error))
        {
            return [];
        }
    }

    public async Task RemoveFolderAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await _sftp.RemoveFolderAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (SftpStatusException)
        {
            // Not empty, or gone.
        }
    }

    public async Task<CommandOutcome> RunAsync(string command, CancellationToken cancellationToken)
    {
        List<string> arguments = Arguments(_settings, _folder);
        arguments.AddRange(_folder.Socket is null ? [] : ["-o", "ControlMaster=no", "-o", "ControlPath=" + _folder.Socket]);
        try
        {
            // The command line is the user's own, or one whose words were quoted. ssh hands it to the login shell there as it is.
            CommandOutcome outcome = await ChildProgram.RunAsync(_clock, "ssh", [.. arguments, "--", _settings.HostName, command], _folder.Environment, _commandTime, cancellationToken).ConfigureAwait(false);
            return outcome.ExitCode == SshFailed && !await IsAliveAsync(cancellationToken).ConfigureAwait(false) ? throw SshErrors.Of(_settings, outcome.Output, null) : outcome;
        }
        catch (TimeoutException)
        {
            return new CommandOutcome(-1, $"it did not end within {_commandTime.TotalSeconds:0} seconds");
        }
    }

    public void Dispose()
    {
        _ssh.Dispose();
        _folder.Dispose();
    }

    private static List<string> Arguments(SshSettings settings, SshFolder folder)
    {
        List<string> arguments =
        [
            "-T", "-x",
            "-o", "StrictHostKeyChecking=yes",
            "-o", "UpdateHostKeys=no",
            "-o", "BatchMode=" + (folder.HasSecret ? "no" : "yes"),
            "-o", "NumberOfPasswordPrompts=1",
            "-o", "ConnectTimeout=" + settings.ConnectTime.TotalSeconds.ToString("0", CultureInfo.InvariantCulture),
            "-o", "ServerAliveInterval=5",
            "-o", "ServerAliveCountMax=3",
            "-o", "ClearAllForwardings=yes",
            "-o", "PermitLocalCommand=no",
            "-o", "RemoteCommand=none",
            "-o", "LogLevel=ERROR",
        ];
        void Add(string option, string? value) => arguments.AddRange(value is null ? [] : [option, value]);
        Add("-F", settings.ConfigPath);
        Add("-p", settings.Port?.ToString(CultureInfo.InvariantCulture));
        Add("-l", settings.UserName);
        Add("-J", settings.JumpHost);
        if (settings.KeyPath is string key)
        {
            arguments.AddRange(["-i", key, "-o", "IdentitiesOnly=yes"]);
        }

        if ((folder.KnownHosts ?? settings.KnownHostsPath) is string known)
        {
            // In quotes: ssh takes the value apart at blanks.
            arguments.AddRange(["-o", $"UserKnownHostsFile=\"{known}\"", "-o", "GlobalKnownHostsFile=none"]);
        }

        return arguments;
    }

    private async Task<bool> IsAliveAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = await FolderExistsAsync("/", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TransportException)
        {
            return false;
        }
    }

    private Task DoAsync(string path, string problem, Func<SftpClient, CancellationToken, Task> ask, CancellationToken cancellationToken) => AskAsync(
        path,
        async (sftp, token) =>
        {
            await ask(sftp, token).ConfigureAwait(false);
            return true;
        },
        cancellationToken,
        problem);

    private async Task<T> AskAsync<T>(string path, Func<SftpClient, CancellationToken, Task<T>> ask, CancellationToken cancellationToken, string problem = "cannot be looked at")
    {
        try
        {
            return await TimeLimit.RunAsync(_clock, _settings.ConnectTime + TimeSpan.FromSeconds(5), token => ask(_sftp, token), cancellationToken).ConfigureAwait(false);
        }
        catch (SftpStatusException error) when (error.Code == SftpStatusException.NoSuchFile)
        {
            throw DeployProblems.Refused(Name, path, $"{problem}: it, or its folder, does not exist", error);
        }
        catch (SftpStatusException error) when (error.Code == SftpStatusException.PermissionDenied)
        {
            throw DeployProblems.NoRight(Name, path, problem, error);
        }
        catch (SftpStatusException error)
        {
            throw await IsFullAsync(path, cancellationToken).ConfigureAwait(false) ? DeployProblems.DiskFull(Name, path, error) : DeployProblems.Refused(Name, path, $"{problem}: {error.Message.TrimEnd('.')}", error);
        }
        catch (TimeoutException error)
        {
            throw DeployProblems.Unreachable(Name, "it does not answer", error);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException or InvalidDataException)
        {
            throw SshErrors.Of(_settings, await _ssh.EndNowAsync().ConfigureAwait(false), error);
        }
    }

    private static bool IsMissing(DeploymentException error) => error.InnerException is SftpStatusException { Code: SftpStatusException.NoSuchFile };

    // "Failure" is all that the server says of a full disk.
    private async Task<bool> IsFullAsync(string path, CancellationToken cancellationToken)
    {
        int end = path.LastIndexOfAny(['/', '\\']);
        try
        {
            return await _sftp.GetFreeBytesAsync(end <= 0 ? "/" : path.Substring(0, end), cancellationToken).ConfigureAwait(false) < 4096;
        }
        catch (SftpStatusException)
        {
            return false;
        }
    }
}
