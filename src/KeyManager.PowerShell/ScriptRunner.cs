using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Remoting;
using System.Management.Automation.Runspaces;
using System.Security;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;

namespace KeyManager.PowerShell;

/// <summary>Runs scripts of the user's in the session of a cmdlet, on its thread, while it is not being stopped. An error that the script does not handle ends it.</summary>
internal sealed class ScriptRunner(PSCmdlet cmdlet, IPipeline pipeline, RemotingSessions? sessions = null) : IScriptRunner
{
    private const string CallFile = "param($path, $arguments) $ErrorActionPreference = 'Stop'; & $path @arguments";

    private const string CallText = "param($text, $arguments) $ErrorActionPreference = 'Stop'; & ([scriptblock]::Create($text)) @arguments";

    public Task RunAsync(string path, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return File.Exists(path)
            ? RunAsync($"The script '{path}'", Path.GetFileName(path), CallFile, path, Table(parameters.ToDictionary(p => p.Key, p => (object)p.Value)))
            : throw Failed($"The script '{path}'", "there is no such file", null);
    }

    public Task RunTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return RunAsync(name, name, CallText, text, Table(parameters));
    }

    public async Task<IReadOnlyList<string>> AskTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return [.. (await InvokeAsync(name, CallText, text, Table(parameters)).ConfigureAwait(false)).Select(line => line?.ToString() ?? "")];
    }

    public object? FindSession(string computerName) => sessions?.Find(computerName);

    private async Task RunAsync(string what, string shortName, string call, string script, Hashtable arguments)
    {
        foreach (PSObject line in await InvokeAsync(what, call, script, arguments).ConfigureAwait(false))
        {
            pipeline.Verbose($"{shortName}: {line}");
        }
    }

    private Task<Collection<PSObject>> InvokeAsync(string what, string call, string script, Hashtable arguments) => cmdlet.Stopping
        ? Task.Run(() => Explain(what, () => InvokeAside(call, script, arguments)))
        : pipeline.InvokeAsync(() => Explain(what, () => cmdlet.InvokeCommand.InvokeScript(call, true, PipelineResultTypes.None, null, script, arguments)));

    /// <summary>A PowerShell that is being stopped runs no script. What has to be taken away after Ctrl-C is, by a fresh one of this process, which knows nothing of the session.</summary>
    private static Collection<PSObject> InvokeAside(string call, string script, Hashtable arguments)
    {
        using System.Management.Automation.PowerShell other = System.Management.Automation.PowerShell.Create();
        return other.AddScript(call).AddArgument(script).AddArgument(arguments).Invoke();
    }

    private static Collection<PSObject> Explain(string what, Func<Collection<PSObject>> invoke)
    {
        try
        {
            return invoke();
        }
        catch (RuntimeException error) when (error is not PipelineStoppedException)
        {
            throw Failed(what, error.ErrorRecord?.ToString() ?? error.Message, error, error.ErrorRecord?.Exception is PSRemotingTransportException);
        }
    }

    private static Hashtable Table(IReadOnlyDictionary<string, object> parameters)
    {
        Hashtable table = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, object> parameter in parameters)
        {
            table[parameter.Key] = Value(parameter.Value);
        }

        return table;
    }

    private static object Value(object value) => value switch
    {
        ScriptSecret secret => Secret(secret),
        IReadOnlyDictionary<string, object> inner => Table(inner),
        object[] list => list.Select(Value).ToArray(),
        _ => value,
    };

    private static object Secret(ScriptSecret secret)
    {
        SecureString text = Encoding.UTF8.GetChars(secret.Value).ToSecureString();
        return secret.UserName is null ? text : new PSCredential(secret.UserName, text);
    }

    /// <param name="what">The script.</param>
    /// <param name="cause">What it said.</param>
    /// <param name="inner">What it threw.</param>
    /// <param name="isTransient">True when another computer could not be reached, or was lost.</param>
    private static ChallengeException Failed(string what, string cause, Exception? inner, bool isTransient = false) =>
        new(ErrorIds.ScriptFailed, $"{what} failed: {cause.TrimEnd('.')}.", inner)
        {
            Target = what,
            IsTransient = isTransient,
            Remedy = "Run it by hand with its parameters; about_KmChallenge lists those of -ChallengeScript, about_KmDnsAccount those of the providers Script and PoshAcme.",
        };
}
