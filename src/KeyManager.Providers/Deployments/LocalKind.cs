using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments;

/// <summary>Folders of this machine, and services that run on it.</summary>
internal sealed class LocalKind(Clock clock, IReadOnlyList<IKeystoreFormat> formats) : FileKind(formats)
{
    public static DeployKindDescription About { get; } = new()
    {
        Name = "Local",
        Title = "Files and services of this machine",
        Settings = FileSettings.Describe(isHere: true, canRun: true),
        Notes = "Commands run in /bin/sh, on Windows in cmd. The user who runs KeyManager needs the right to write into the folders and to reload the service.",
        ProvedOn = "Linux with nginx, HAProxy, Apache, Postfix, Dovecot and PostgreSQL",
    };

    public override DeployKindDescription Description => About;

    public override Task<IFileTransport> ConnectAsync(DeployContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IFileTransport>(new LocalTransport(clock, "this machine", canRun: true, FileSettings.CommandTime(context)));

    protected override string HostOf(DeployContext context) => "localhost";
}
