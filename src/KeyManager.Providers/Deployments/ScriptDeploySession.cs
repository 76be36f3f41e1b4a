using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments;

/// <summary>One deployment by a script of the user's.</summary>
internal sealed class ScriptDeploySession(DeployContext context, DeployPlan plan, DeployContent? content, string path, SemaphoreSlim gate) : IDeploySession
{
    private const string Call = "param([string] $Path, [hashtable] $Arguments) & $Path @Arguments";

    public Task<bool> IsInPlaceAsync(Deployment? last, CancellationToken cancellationToken) => Task.FromResult(last?.CertificateId == plan.Certificate.Id);

    public Deployment Lay(Deployment deployment) => deployment;

    public Task<Deployment> PrepareAsync(Deployment deployment, CancellationToken cancellationToken) => Task.FromResult(deployment);

    public Task SwitchAsync(Deployment deployment, CancellationToken cancellationToken) => RunAsync("Install", cancellationToken);

    public Task<IReadOnlyList<string>> ActivateAsync(Deployment deployment, bool withTest, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(withTest ? [$"Ran {path} -Action Install"] : []);

    public Task RestoreAsync(Deployment deployment, CancellationToken cancellationToken) => RunAsync("Rollback", cancellationToken);

    public Task DiscardAsync(Deployment deployment, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ForgetAsync(Deployment deployment, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IReadOnlyList<string>> RemoveAsync(IReadOnlyList<Deployment> deployments, CancellationToken cancellationToken)
    {
        await RunAsync("Uninstall", cancellationToken).ConfigureAwait(false);
        return [$"Ran {path} -Action Uninstall"];
    }

    public async Task<IReadOnlyList<string>> TryAsync(CancellationToken cancellationToken)
    {
        await RunAsync("Test", cancellationToken).ConfigureAwait(false);
        return [$"Ran {path} -Action Test"];
    }

    public void Dispose()
    {
        // Nothing is held.
    }

    private async Task RunAsync(string action, CancellationToken cancellationToken)
    {
        IScriptRunner scripts = context.Scripts ?? throw new DeploymentException(ErrorIds.ScriptFailed, $"The target {context.Target} needs the script {path}, and there is no PowerShell here to run it.")
        {
            Target = context.Target.Name,
            Remedy = "Deploy with the commands of the module, in PowerShell.",
        };
        Dictionary<string, object> arguments = new() { ["Action"] = action, ["Certificate"] = plan.Certificate, ["Target"] = context.Target.Name };
        byte[]? key = content is not null && plan.Certificate.HasPrivateKey && action == "Install" ? content.Pem(DeployPart.Key) : null;
        if (content is not null)
        {
            arguments["FullChain"] = Encoding.ASCII.GetString(content.Pem(DeployPart.FullChain));
        }

        if (key is not null)
        {
            arguments["PrivateKey"] = new ScriptSecret(key);
        }

        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            context.Reporter.Verbose($"Running {path} -Action {action} for {plan.Certificate}.");
            await scripts.RunTextAsync(
                $"The script '{path}'", Call, new Dictionary<string, object> { ["Path"] = path, ["Arguments"] = (IReadOnlyDictionary<string, object>)arguments }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
            if (key is not null)
            {
                Array.Clear(key, 0, key.Length);
            }
        }
    }
}
