using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;

namespace KeyManager.PowerShell;

/// <summary>Runs scripts of the user's in the session of a cmdlet, on its thread. An error that the script does not handle ends it.</summary>
internal sealed class ScriptRunner(PSCmdlet cmdlet, IPipeline pipeline) : IScriptRunner
{
    private const string Call = "param($path, $arguments) $ErrorActionPreference = 'Stop'; & $path @arguments";

    public async Task RunAsync(string path, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!File.Exists(path))
        {
            throw Failed(path, "there is no such file", null);
        }

        Hashtable arguments = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, string> parameter in parameters)
        {
            arguments[parameter.Key] = parameter.Value;
        }

        Collection<PSObject> said = await pipeline.InvokeAsync(() =>
        {
            try
            {
                return cmdlet.InvokeCommand.InvokeScript(Call, true, PipelineResultTypes.None, null, path, arguments);
            }
            catch (RuntimeException error) when (error is not PipelineStoppedException)
            {
                throw Failed(path, error.ErrorRecord?.ToString() ?? error.Message, error);
            }
        }).ConfigureAwait(false);
        foreach (PSObject line in said)
        {
            pipeline.Verbose($"{Path.GetFileName(path)}: {line}");
        }
    }

    private static ChallengeException Failed(string path, string cause, Exception? inner) =>
        new(ErrorIds.ScriptFailed, $"The script '{path}' failed: {cause.TrimEnd('.')}.", inner)
        {
            Target = path,
            Remedy = "Run it by hand with the parameters that Get-Help New-KmCertificateOrder -Parameter ChallengeScript names.",
        };
}
