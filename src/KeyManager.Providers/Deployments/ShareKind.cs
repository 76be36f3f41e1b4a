using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments;

/// <summary>A share of another machine, or a mounted one: files without commands.</summary>
internal sealed class ShareKind(Clock clock, IReadOnlyList<IKeystoreFormat> formats) : FileKind(formats)
{
    public static DeployKindDescription About { get; } = new()
    {
        Name = "Share",
        Title = "Files on a share (UNC path), or on a file system that is mounted here",
        Settings = FileSettings.Describe(isHere: true, canRun: false),
        Notes = @"Paths as this machine writes them, such as \\web01\tls\{name}.pfx. There are no commands: the service has to notice by itself, or be told by a task of its own. The user who runs KeyManager needs the right to change files on the share.",
        ProvedOn = "Linux with a folder in the place of a share; never on a real share",
    };

    public override DeployKindDescription Description => About;

    public override Task<IFileTransport> ConnectAsync(DeployContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IFileTransport>(new LocalTransport(clock, context.Target.Name, canRun: false, TimeSpan.FromSeconds(60)));

    // \\web01\tls\... : web01. What is mounted says nothing of where it is.
    protected override string HostOf(DeployContext context)
    {
        string path = context.Setting(FileSettings.FullChainPath) ?? context.Setting(FileSettings.CombinedPath) ?? context.Setting(FileSettings.KeystorePath) ?? "";
        string[] parts = path.StartsWith(@"\\", StringComparison.Ordinal) ? path.Substring(2).Split('\\') : [];
        return parts.Length > 0 && parts[0].Length > 0 ? parts[0] : "localhost";
    }
}
