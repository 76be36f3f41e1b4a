using System;
using System.Management.Automation;
using System.Threading;

namespace KeyManager.Tests.Support;

/// <summary>The runtime of one run: collects, answers, and insists on the pipeline's thread as PowerShell does.</summary>
internal sealed class CmdletRuntime(CmdletResult result) : ICommandRuntime
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _stopped;

    public bool WhatIf { get; init; }

    public bool IsErrorActionStop { get; init; }

    public bool IsWarningActionStop { get; init; }

    /// <summary>Answers a prompt; null says yes to all.</summary>
    public Func<string, bool>? Answer { get; init; }

    /// <summary>What stands downstream.</summary>
    public Action<object>? Downstream { get; init; }

    /// <summary>True between the calls of Begin, Process and End: else PowerShell refuses to write.</summary>
    public bool IsInside { get; set; }

    public void Stop() => _stopped = true;

    public void WriteObject(object sendToPipeline)
    {
        Check();
        result.Output.Add(sendToPipeline);
        result.Transcript.Add($"output: {sendToPipeline}");
        Downstream?.Invoke(sendToPipeline);
    }

    public void WriteError(ErrorRecord errorRecord)
    {
        Check();
        result.Errors.Add(errorRecord);
        result.Transcript.Add($"error: {errorRecord}");
        if (IsErrorActionStop)
        {
            throw new ActionPreferenceStopException(errorRecord);
        }
    }

    public void WriteWarning(string text)
    {
        Check();
        result.Warnings.Add(text);
        result.Transcript.Add($"warning: {text}");
        if (IsWarningActionStop)
        {
            throw new ActionPreferenceStopException(new ErrorRecord(new RuntimeException(text), "ActionPreferenceStop", ErrorCategory.OperationStopped, null));
        }
    }

    public void WriteVerbose(string text)
    {
        Check();
        result.Verbose.Add(text);
        result.Transcript.Add($"verbose: {text}");
    }

    public void WriteDebug(string text) => Check();

    public void WriteProgress(ProgressRecord progressRecord)
    {
        Check();
        result.Progress.Add(progressRecord);
        result.Transcript.Add($"progress: {progressRecord.StatusDescription}");
    }

    public bool ShouldProcess(string description, string warning, string caption)
    {
        Check();
        result.Questions.Add(description);
        result.Transcript.Add($"question: {description}");
        return !WhatIf && Answer?.Invoke(description) != false;
    }

    public bool ShouldContinue(string query, string caption)
    {
        Check();
        result.Questions.Add(query);
        result.Transcript.Add($"question: {query}");
        return Answer?.Invoke(query) != false;
    }

    public void ThrowTerminatingError(ErrorRecord errorRecord)
    {
        Check();
        result.Terminating = errorRecord;
        throw new PipelineStoppedException();
    }

    private void Check()
    {
        if (Environment.CurrentManagedThreadId != _thread || !IsInside)
        {
            throw new PSInvalidOperationException(
                "The WriteObject and WriteError methods cannot be called from outside the overrides of the BeginProcessing, ProcessRecord, and EndProcessing methods, and they can only be called from within the same thread.");
        }

        if (_stopped)
        {
            throw new PipelineStoppedException();
        }
    }
}
