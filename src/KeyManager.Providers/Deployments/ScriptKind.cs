using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments;

/// <summary>A script of the user's that gets the certificate as an object and the key as a SecureString: for everything that no other kind knows.</summary>
internal sealed class ScriptKind : IDeployKind
{
    public const string ScriptPath = nameof(ScriptPath);

    private const string Script = nameof(Script);
    private const string CallFile = "param([string] $Path, [hashtable] $Arguments) & $Path @Arguments";

    public static DeployKindDescription About { get; } = new()
    {
        Name = "Script",
        Title = "A script of yours",
        Settings =
        [
            new() { Name = ScriptPath, Default = "", IsPath = true, Description = "Script (.ps1) with the parameters Action (Install, Rollback, Uninstall or Test), Certificate, FullChain, PrivateKey (SecureString, PEM) and Target. An exception says that it failed." },
            new() { Name = Script, Default = "", Description = "A script block in the place of the file, with the same parameters. Its text is stored, in the clear: it knows no variables of the session, and no secret belongs in it." },
            .. DeploySettings.OfProof,
        ],
        Notes = "The script runs in the PowerShell that calls, once for each action, and may be called again for what is done already. Rollback gets the certificate that is to go.",
        ProvedOn = "PowerShell 7 on Linux",
    };

    // A PowerShell runs one script at a time, and two of the same script might change one thing against each other.
    private readonly SemaphoreSlim _gate = new(1);

    public DeployKindDescription Description => About;

    public void Check(DeployContext context)
    {
        string? path = context.Setting(ScriptPath);
        if (path is null == context.Setting(Script) is null)
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, path is null ? "There is no script to run." : "There is a script file and a script block, and only one can be run.")
            {
                Target = context.Target.Name,
                Remedy = $"Give a .ps1 file with -{ScriptPath}, or a block: -{Script} {{ param($Action, $Certificate, $FullChain, $PrivateKey, $Target) ... }}. An empty text takes away what is set.",
            };
        }

        if (path is not null && !File.Exists(path))
        {
            throw new InvalidRequestException(ErrorIds.FileNotFound, $"The script '{path}' does not exist.") { Target = path, Remedy = $"Name a .ps1 file with -{ScriptPath}." };
        }

        _ = DeploySettings.Endpoints(context, null, null, 443, EndpointProtocol.Tls);
    }

    public DeployPlan Plan(DeployContext context, Certificate certificate) => new()
    {
        Target = context.Target,
        Certificate = certificate,
        Actions = [$"Run {NameOf(context)} -Action Install"],
        Endpoints = DeploySettings.Endpoints(context, certificate, null, null, EndpointProtocol.Tls),
    };

    public Task<IDeploySession> OpenAsync(DeployContext context, DeployPlan plan, DeployContent? content, CancellationToken cancellationToken) => Task.FromResult<IDeploySession>(new ScriptDeploySession(
        context, plan, NameOf(context), (scripts, action, _, token) => RunAsync(scripts, action, context, plan, content, token), _gate));

    private static string NameOf(DeployContext context) => context.Setting(ScriptPath) is string path ? $"the script '{path}'" : $"the script block of {context.Target.Name}";

    private static async Task RunAsync(IScriptRunner scripts, string action, DeployContext context, DeployPlan plan, DeployContent? content, CancellationToken cancellationToken)
    {
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

        try
        {
            string name = NameOf(context);
            name = char.ToUpperInvariant(name[0]) + name.Substring(1);
            await (context.Setting(Script) is string text
                ? scripts.RunTextAsync(name, text, arguments, cancellationToken)
                : scripts.RunTextAsync(
                    name, CallFile, new Dictionary<string, object> { ["Path"] = context.Setting(ScriptPath) ?? "", ["Arguments"] = (IReadOnlyDictionary<string, object>)arguments }, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            if (key is not null)
            {
                Array.Clear(key, 0, key.Length);
            }
        }
    }
}
