using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Providers.Challenges;

namespace KeyManager.Providers.Deployments;

/// <summary>Base of the kinds that are files: they differ in how one gets there.</summary>
internal abstract class FileKind(IReadOnlyList<IKeystoreFormat> formats) : IFileKind, IChallengeFileKind
{
    public abstract DeployKindDescription Description { get; }

    public virtual void Check(DeployContext context) => FileSettings.Check(context);

    public DeployPlan Plan(DeployContext context, Certificate certificate) => FileSettings.Plan(context, certificate, HostOf(context));

    public async Task<IDeploySession> OpenAsync(DeployContext context, DeployPlan plan, DeployContent? content, CancellationToken cancellationToken)
    {
        KeystoreType? made = context.Setting(FileSettings.KeystoreFormat) is string format ? (KeystoreType)Enum.Parse(typeof(KeystoreType), format, ignoreCase: true) : null;
        KeystoreFile keystore = new(formats, context.Setting(FileSettings.KeystoreAlias), context.GetSecretText(FileSettings.KeystorePassword), made);
        return new FileDeploySession(await ConnectAsync(context, cancellationToken).ConfigureAwait(false), plan, content, keystore, context.Setting(DeploySettings.WebRoot));
    }

    public async Task PublishAsync(DeployContext context, string root, IReadOnlyList<ChallengeFile> files, Action<string> made, CancellationToken cancellationToken)
    {
        using IFileTransport transport = await ConnectAsync(context, cancellationToken).ConfigureAwait(false);
        await new ChallengeFolder(transport, context, root).PublishAsync(files, made, cancellationToken).ConfigureAwait(false);
    }

    public async Task RemoveAsync(DeployContext context, string root, IReadOnlyList<ChallengeFile> files, IReadOnlyCollection<string> made, CancellationToken cancellationToken)
    {
        using IFileTransport transport = await ConnectAsync(context, cancellationToken).ConfigureAwait(false);
        await new ChallengeFolder(transport, context, root).RemoveAsync(files, made, cancellationToken).ConfigureAwait(false);
    }

    public abstract Task<IFileTransport> ConnectAsync(DeployContext context, CancellationToken cancellationToken);

    /// <summary>Where a service of the target answers.</summary>
    protected abstract string HostOf(DeployContext context);
}
