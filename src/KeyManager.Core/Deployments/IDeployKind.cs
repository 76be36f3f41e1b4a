using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Deployments;

/// <summary>A kind of target: a transport with what is done at its end. May be used from several threads.</summary>
public interface IDeployKind
{
    /// <summary>What it is.</summary>
    DeployKindDescription Description { get; }

    /// <summary>Refuses settings that can never work; the target is not asked.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    void Check(DeployContext context);

    /// <summary>What a deployment would do; the target is not asked.</summary>
    DeployPlan Plan(DeployContext context, Certificate certificate);

    /// <summary>Goes to the target.</summary>
    /// <param name="context">The target.</param>
    /// <param name="plan">What is to be done; of a plan to take away only the files and commands count.</param>
    /// <param name="content">What is deployed; <c>null</c> for a session that only takes away.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TransportException">KmTargetUnreachable.</exception>
    /// <exception cref="DeploymentException">KmHostKeyUnknown, KmTargetCredentialRejected, ...</exception>
    Task<IDeploySession> OpenAsync(DeployContext context, DeployPlan plan, DeployContent? content, CancellationToken cancellationToken);
}
