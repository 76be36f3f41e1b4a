using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments;

/// <summary>A kind of target that is a file system.</summary>
internal interface IFileKind : IDeployKind
{
    /// <summary>Goes there.</summary>
    Task<IFileTransport> ConnectAsync(DeployContext context, CancellationToken cancellationToken);
}
