using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments;

/// <summary>One deployment by a script, of the user's or of ours.</summary>
/// <param name="context">The target.</param>
/// <param name="plan">What is to be done.</param>
/// <param name="name">What to call the script.</param>
/// <param name="run">Runs it with an action, for a deployment.</param>
/// <param name="gate">One script at a time.</param>
/// <param name="look">An action that changes nothing and fails where the others would, so that nothing is begun that cannot be; <c>null</c> when there is none.</param>
internal sealed class ScriptDeploySession(DeployContext context, DeployPlan plan, string name, ScriptDeploySession.Runner run, SemaphoreSlim gate, string? look = null) : IDeploySession
{
    private const string StateId = "Script";

    /// <summary>Runs the script.</summary>
    public delegate Task Runner(IScriptRunner scripts, string action, string deploymentId, CancellationToken cancellationToken);

    /// <summary>Nobody is here who could run a script.</summary>
    public static DeploymentException NoPowerShell(DeployContext context, string name) => new(ErrorIds.ScriptFailed, $"The target {context.Target} needs {name}, and there is no PowerShell here to run it.")
    {
        Target = context.Target.Name,
        Remedy = "Deploy with the commands of the module, in PowerShell.",
    };

    public Task<bool> IsInPlaceAsync(Deployment? last, CancellationToken cancellationToken) => Task.FromResult(last?.CertificateId == plan.Certificate.Id);

    // What the script has written down of before goes by this id, also when a deployment takes up what another has begun.
    public Deployment Lay(Deployment deployment) => deployment.State.ContainsKey(StateId) ? deployment : deployment with { State = new Dictionary<string, string> { [StateId] = deployment.Id } };

    public async Task<Deployment> PrepareAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        if (look is not null)
        {
            await RunAsync(look, deployment, cancellationToken).ConfigureAwait(false);
        }

        return deployment;
    }

    public Task SwitchAsync(Deployment deployment, CancellationToken cancellationToken) => RunAsync("Install", deployment, cancellationToken);

    public Task<IReadOnlyList<string>> ActivateAsync(Deployment deployment, bool withTest, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(withTest ? [$"Ran {name} -Action Install"] : []);

    public Task RestoreAsync(Deployment deployment, CancellationToken cancellationToken) => RunAsync("Rollback", deployment, cancellationToken);

    public Task DiscardAsync(Deployment deployment, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ForgetAsync(Deployment deployment, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IReadOnlyList<string>> RemoveAsync(IReadOnlyList<Deployment> deployments, CancellationToken cancellationToken)
    {
        await RunAsync("Uninstall", deployments[0], cancellationToken).ConfigureAwait(false);
        return [$"Ran {name} -Action Uninstall"];
    }

    public async Task<IReadOnlyList<string>> TryAsync(CancellationToken cancellationToken)
    {
        await RunAsync("Test", null, cancellationToken).ConfigureAwait(false);
        return [$"Ran {name} -Action Test"];
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    private async Task RunAsync(string action, Deployment? deployment, CancellationToken cancellationToken)
    {
        IScriptRunner scripts = context.Scripts ?? throw NoPowerShell(context, name);
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            context.Reporter.Verbose($"Running {name} -Action {action} for {plan.Certificate}.");
            await run(scripts, action, deployment is null ? "" : deployment.State.TryGetValue(StateId, out string? id) ? id : deployment.Id, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }
}
