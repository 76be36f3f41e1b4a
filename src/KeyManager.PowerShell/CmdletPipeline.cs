using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Threading.Tasks;
using KeyManager.Hosting;

namespace KeyManager.PowerShell;

/// <summary>The <see cref="IPipeline"/> of one cmdlet: each call becomes an item of its pump.</summary>
internal sealed class CmdletPipeline(PSCmdlet cmdlet, PipelinePump pump) : IPipeline
{
    // Away from 0 and 1, which scripts around us use for their own progress.
    private const int FirstActivityId = 0x4B4D;

    // Touched on the pipeline's thread only.
    private readonly Dictionary<string, int> _activities = new(StringComparer.Ordinal);

    public Task WriteObjectAsync(object value) => WriteAsync(() => cmdlet.WriteObject(value, enumerateCollection: false));

    public Task WriteErrorAsync(Exception error, object? target = null) =>
        WriteAsync(() => cmdlet.WriteError(ErrorMapping.ToErrorRecord(error, target)));

    public Task<bool> ShouldProcessAsync(string target, string action) => pump.InvokeAsync(
        () =>
        {
            if (!ForceRule.Applies(cmdlet))
            {
                return Ask(target, target, () => cmdlet.ShouldProcess(target, action));
            }

            cmdlet.WriteVerbose($"Performing the operation \"{action}\" on target \"{target}\".");
            return true;
        },
        failureEndsRun: true);

    public Task<bool> ShouldProcessAsync(string target, string verboseDescription, string verboseWarning, string caption) => pump.InvokeAsync(
        () =>
        {
            if (!ForceRule.Applies(cmdlet))
            {
                return Ask(target, verboseDescription, () => cmdlet.ShouldProcess(verboseDescription, verboseWarning, caption));
            }

            cmdlet.WriteVerbose(verboseDescription);
            return true;
        },
        failureEndsRun: true);

    public Task<bool> ShouldContinueAsync(string target, string question, string caption) => pump.InvokeAsync(
        () => ForceRule.IsForced(cmdlet) || Ask(target, question, () => cmdlet.ShouldContinue(question, caption), hasForce: true),
        failureEndsRun: true);

    public Task<T> InvokeAsync<T>(Func<T> function) => pump.InvokeAsync(function);

    public void Warn(string message) => pump.Post(() => cmdlet.WriteWarning(message));

    public void Verbose(string message) => pump.Post(() => cmdlet.WriteVerbose(message));

    public void Progress(ProgressReport report) => pump.Post(() => WriteProgress(report));

    private void WriteProgress(ProgressReport report)
    {
        if (!_activities.TryGetValue(report.Activity, out int id))
        {
            id = FirstActivityId + _activities.Count;
            _activities.Add(report.Activity, id);
        }

        // ProgressRecord refuses empty texts and percentages outside -1..100, and a display is not worth an error.
        cmdlet.WriteProgress(new ProgressRecord(id, TextOr(report.Activity, "KeyManager"), TextOr(report.Status, " "))
        {
            PercentComplete = Math.Max(-1, Math.Min(100, report.PercentComplete)),
            RecordType = report.Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });
    }

    // A session without anybody in it refuses to prompt, in words that name neither the thing nor the way out.
    private bool Ask(string target, string what, Func<bool> question, bool hasForce = false)
    {
        try
        {
            return question();
        }
        catch (Exception error) when (error is PSInvalidOperationException or HostException)
        {
            InvalidRequestException unanswered = new(ErrorIds.ConfirmationRequired, $"Nobody is here to confirm: {what}", error)
            {
                Target = target,
                Remedy = hasForce || ForceRule.IsOffered(cmdlet) ? "Add -Force or -Confirm:$false to do it without asking." : "Add -Confirm:$false to do it without asking.",
            };
            cmdlet.ThrowTerminatingError(ErrorMapping.ToErrorRecord(unanswered));
            throw;
        }
    }

    private Task WriteAsync(Action write) => pump.InvokeAsync(
        () =>
        {
            write();
            return true;
        },
        failureEndsRun: true);

    private static string TextOr(string text, string substitute) => string.IsNullOrEmpty(text) ? substitute : text;
}
