using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Tests.Deployments;

/// <summary>A kind whose deployments stand still for ever behind a step, as those of a process that is killed there.</summary>
internal sealed class StoppingKind(IDeployKind inner) : IDeployKind
{
    public DeployKindDescription Description => inner.Description;

    /// <summary>Behind which step it stands still; <c>null</c> to go on.</summary>
    public DeploymentStep? StopsAfter { get; set; }

    /// <summary>Set when it stands still.</summary>
    public TaskCompletionSource<bool> Stopped { get; set; } = new();

    public void Check(DeployContext context) => inner.Check(context);

    public DeployPlan Plan(DeployContext context, Certificate certificate) => inner.Plan(context, certificate);

    public async Task<IDeploySession> OpenAsync(DeployContext context, DeployPlan plan, DeployContent? content, CancellationToken cancellationToken) =>
        new Session(this, await inner.OpenAsync(context, plan, content, cancellationToken));

    private async Task PassAsync(DeploymentStep step)
    {
        if (StopsAfter == step)
        {
            Stopped.TrySetResult(true);
            await new TaskCompletionSource<bool>().Task;
        }
    }

    private sealed class Session(StoppingKind kind, IDeploySession inner) : IDeploySession
    {
        public Task<bool> IsInPlaceAsync(Deployment? last, CancellationToken cancellationToken) => inner.IsInPlaceAsync(last, cancellationToken);

        public Deployment Lay(Deployment deployment) => inner.Lay(deployment);

        public async Task<Deployment> PrepareAsync(Deployment deployment, CancellationToken cancellationToken)
        {
            Deployment prepared = await inner.PrepareAsync(deployment, cancellationToken);
            await kind.PassAsync(DeploymentStep.Uploading);
            return prepared;
        }

        public async Task SwitchAsync(Deployment deployment, CancellationToken cancellationToken)
        {
            if (kind.StopsAfter == DeploymentStep.Planned)
            {
                // Only the first of the files is in place.
                await inner.SwitchAsync(deployment with { Files = [deployment.Files[0]] }, cancellationToken);
                await kind.PassAsync(DeploymentStep.Planned);
            }

            await inner.SwitchAsync(deployment, cancellationToken);
            await kind.PassAsync(DeploymentStep.Switching);
        }

        public async Task<IReadOnlyList<string>> ActivateAsync(Deployment deployment, bool withTest, CancellationToken cancellationToken)
        {
            IReadOnlyList<string> done = await inner.ActivateAsync(deployment, withTest, cancellationToken);
            await kind.PassAsync(DeploymentStep.Reloading);
            return done;
        }

        public Task RestoreAsync(Deployment deployment, CancellationToken cancellationToken) => inner.RestoreAsync(deployment, cancellationToken);

        public Task DiscardAsync(Deployment deployment, CancellationToken cancellationToken) => inner.DiscardAsync(deployment, cancellationToken);

        public Task ForgetAsync(Deployment deployment, CancellationToken cancellationToken) => inner.ForgetAsync(deployment, cancellationToken);

        public Task<IReadOnlyList<string>> RemoveAsync(IReadOnlyList<Deployment> deployments, CancellationToken cancellationToken) => inner.RemoveAsync(deployments, cancellationToken);

        public Task<IReadOnlyList<string>> TryAsync(CancellationToken cancellationToken) => inner.TryAsync(cancellationToken);

        public void Dispose() => inner.Dispose();
    }
}
