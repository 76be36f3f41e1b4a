using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;

namespace KeyManager.Providers.Challenges;

/// <summary>
/// Publishes challenges of any type with a script of the user's (the order's ChallengeScript), and waits until records can be seen. This is also how dns-01 is done
/// at a DNS service that KeyManager does not know.
/// </summary>
/// <remarks>
/// The script is called once to publish and once to take away, for each challenge, one call after the other, with these parameters, all of them strings:
/// <list type="bullet">
/// <item><c>Action</c>: "Add" or "Remove".</item>
/// <item><c>Type</c>: "Http01", "Dns01", "TlsAlpn01", "DnsAccount01", "DnsPersist01", "HttpFile", "HttpsFile", "DnsCname" or "DnsTxt".</item>
/// <item><c>DomainName</c>: the name to be proved, without a wildcard label, international names as A-labels.</item>
/// <item><c>Location</c>: the URL of the file, the full name of the record, or host and port.</item>
/// <item><c>Value</c>: the content of the file, or the value of the record; for TlsAlpn01 the key authorization.</item>
/// <item><c>Token</c>: the last component of the file's path; empty for records.</item>
/// <item><c>OrderId</c>: the order.</item>
/// </list>
/// An order for a name and its wildcard adds two values at one record name: add to what is there, and remove exactly the value given. Both actions may be called again
/// for what is already there or already gone, and "Remove" also when "Add" failed. An exception says that it did not work.
/// </remarks>
/// <param name="wait">Waits until records can be seen.</param>
public sealed class ScriptSolver(IProofWait wait) : IChallengeSolver, IVisibleProof, IOrderCheck
{
    private const string Add = "Add";

    private const string Remove = "Remove";

    // A PowerShell runs one script at a time, and what a script changes as a whole (a zone, a file of records) two of them would change against each other.
    private readonly SemaphoreSlim _gate = new(1);

    /// <inheritdoc/>
    public string Name => "Script";

    /// <inheritdoc/>
    public void Check(CertificateOrder order)
    {
        if (order.ChallengeScript is { Length: > 0 } script && !File.Exists(script))
        {
            throw new InvalidRequestException(ErrorIds.FileNotFound, $"The script '{script}' does not exist.")
            {
                Target = script,
                Remedy = "Name a .ps1 file with -ChallengeScript.",
            };
        }
    }

    /// <inheritdoc/>
    public bool CanSolve(CertificateOrder order, Challenge challenge) => challenge.Type != ChallengeType.Email && !string.IsNullOrWhiteSpace(order.ChallengeScript);

    /// <inheritdoc/>
    /// <exception cref="ChallengeException">KmScriptFailed: it threw, is not there, or no PowerShell is.</exception>
    public Task PresentAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken) => RunAsync(Add, context, challenge, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ChallengeException">KmScriptFailed: it threw, is not there, or no PowerShell is.</exception>
    /// <remarks>Not for DnsPersist01: that record stands, and proves the next order too.</remarks>
    public Task CleanUpAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken) =>
        challenge.Type == ChallengeType.DnsPersist01 ? Task.CompletedTask : RunAsync(Remove, context, challenge, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Only records: a file the script may put where this machine does not see it as the authority does.</remarks>
    public Task WaitUntilVisibleAsync(SolverContext context, IReadOnlyList<Challenge> challenges, TimeSpan timeout, Action keep, CancellationToken cancellationToken)
    {
        ProofWaitOptions options = ProofWaitOptions.Of(context, timeout);
        return wait.RunAsync(context, [.. challenges.Where(c => !c.Type.IsFile()).Select(c => new AwaitedProof(c, options))], keep, cancellationToken);
    }

    private async Task RunAsync(string action, SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        string script = context.Order.ChallengeScript ?? throw Failed(context, "has no script.", "Order with -ChallengeScript.");
        IScriptRunner scripts = context.Scripts
            ?? throw Failed(context, $"needs the script {script}, and there is no PowerShell here to run it.", "Work on this order with the commands of the module, in PowerShell.");
        Dictionary<string, string> parameters = new()
        {
            ["Action"] = action,
            ["Type"] = challenge.Type.ToString(),
            ["DomainName"] = challenge.DomainName.BaseName,
            ["Location"] = challenge.Location ?? "",
            ["Value"] = challenge.Value ?? "",
            ["Token"] = challenge.Token ?? "",
            ["OrderId"] = context.Order.Id,
        };
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            context.Reporter.Verbose($"Running {script} -Action {action} for {challenge.Type} of {challenge.DomainName}.");
            await scripts.RunAsync(script, parameters, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private static ChallengeException Failed(SolverContext context, string cause, string remedy) =>
        new(ErrorIds.ScriptFailed, $"The order {context.Order} {cause}") { Target = context.Order.Id, Remedy = remedy };
}
