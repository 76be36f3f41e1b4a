using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>
/// Base of the completers that offer what the store holds. It looks only: it opens the store for reading, unlocks nothing, and is
/// silent about every error and about a store that takes too long, because a Tab must never cost more than it saves.
/// </summary>
/// <remarks>A derived class needs a constructor without parameters and no state; it gives names, the base does the rest.</remarks>
public abstract class StoreCompleter : IArgumentCompleter
{
    /// <summary>The longest that a Tab may wait.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>Takes the place of the composition root in tests.</summary>
    internal Func<string?, KeyManagerServices>? OpenServices { get; set; }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        try
        {
            IDictionary bound = fakeBoundParameters ?? new Hashtable();
            string? path = FullStorePath(bound["StorePath"]?.ToString());
            // A thread of its own: a pool that other work keeps busy must not cost the candidates.
            Task<List<CompletionCandidate>> work = Task.Factory.StartNew(
                () => GetCandidates(path, bound).ToList(),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            // Left to itself when late; what it opened serves the next Tab.
            work.ContinueWith(t => t.Exception, TaskScheduler.Default);
            return work.Wait(Patience) ? Fitting(work.Result, wordToComplete ?? "") : [];
        }
        catch (Exception)
        {
            return [];
        }
    }

    /// <summary>Everything there is to offer. Runs on a worker, so touch nothing of PowerShell's.</summary>
    /// <param name="services">The store, opened for reading, perhaps locked.</param>
    /// <param name="boundParameters">What else is on the command line already, by parameter name.</param>
    protected abstract IEnumerable<CompletionCandidate> GetCandidates(KeyManagerServices services, IDictionary boundParameters);

    private protected virtual IEnumerable<CompletionCandidate> GetCandidates(string? storePath, IDictionary boundParameters) =>
        GetCandidates((OpenServices ?? CompositionRoot.PeekServices)(storePath), boundParameters);

    private static List<CompletionResult> Fitting(IEnumerable<CompletionCandidate> candidates, string word)
    {
        string typed = word.Trim('\'', '"');
        WildcardPattern? pattern = WildcardPattern.ContainsWildcardCharacters(typed)
            ? new WildcardPattern(typed + "*", WildcardOptions.IgnoreCase)
            : null;
        return
        [
            .. candidates
                .Where(c => c.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase) || pattern?.IsMatch(c.Text) == true)
                .GroupBy(c => c.Text, StringComparer.OrdinalIgnoreCase)
                .Select(g => g.First())
                .OrderBy(c => c.Text, StringComparer.OrdinalIgnoreCase)
                .Select(c => new CompletionResult(
                    CompletionText.Quote(c.Text), c.Text, CompletionResultType.ParameterValue, string.IsNullOrWhiteSpace(c.ToolTip) ? c.Text : c.ToolTip)),
        ];
    }

    private static string? FullStorePath(string? parameter)
    {
        string? path = CompositionRoot.StorePathOrVariable(parameter);
        return path is null ? null : Path.IsPathRooted(path) ? Path.GetFullPath(path) : ResolveInSession(path);
    }

    // A Tab is itself a running pipeline, which the session's own objects refuse to serve from outside; a script block runs within it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string ResolveInSession(string path) =>
        ScriptBlock.Create("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])").Invoke(path)[0].ToString();
}
