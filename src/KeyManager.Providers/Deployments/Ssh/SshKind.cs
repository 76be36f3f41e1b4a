using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Ssh;

/// <summary>Servers that are reached by SSH, through the system's OpenSSH client with the user's configuration, agent and known_hosts.</summary>
internal sealed class SshKind(Clock clock, IReadOnlyList<IKeystoreFormat> formats) : FileKind(formats)
{
    public static DeployKindDescription About { get; } = new()
    {
        Name = "Ssh",
        Title = "Files and services of a server, by SSH",
        Settings = [.. SshSettings.Describe, .. FileSettings.Describe(isHere: false, canRun: true)],
        Required = [SshSettings.HostNameSetting],
        Notes = "Needs the OpenSSH client (ssh) here, and SFTP on the server. The key of the server has to be known; an unknown one is never taken. One connection for each target and run.",
        ProvedOn = "Linux: OpenSSH 9.2 with nginx and HAProxy; password, key, jump host and pinned host key. OpenSSH for Windows was never tried",
    };

    public override DeployKindDescription Description => About;

    public override void Check(DeployContext context)
    {
        _ = SshSettings.Read(context);
        base.Check(context);
    }

    public override Task<IFileTransport> ConnectAsync(DeployContext context, CancellationToken cancellationToken) =>
        SshTransport.ConnectAsync(SshSettings.Read(context), context, clock, FileSettings.CommandTime(context), cancellationToken);

    protected override string HostOf(DeployContext context) => context.Setting(SshSettings.HostNameSetting) ?? "";
}
