using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace System.Management.Automation;

/// <summary>What a cmdlet writes to; the test runner implements it.</summary>
public interface ICommandRuntime
{
    void WriteObject(object sendToPipeline);

    void WriteError(ErrorRecord errorRecord);

    void WriteWarning(string text);

    void WriteVerbose(string text);

    void WriteDebug(string text);

    void WriteProgress(ProgressRecord progressRecord);

    bool ShouldProcess(string description, string warning, string caption);

    bool ShouldContinue(string query, string caption);

    void ThrowTerminatingError(ErrorRecord errorRecord);
}

/// <summary>As in PowerShell, every write goes to the runtime of the command.</summary>
public abstract class Cmdlet
{
    public ICommandRuntime CommandRuntime { get; set; }

    public bool Stopping { get; private set; }

    public void WriteObject(object sendToPipeline) => CommandRuntime.WriteObject(sendToPipeline);

    public void WriteObject(object sendToPipeline, bool enumerateCollection)
    {
        if (enumerateCollection && sendToPipeline is Collections.IEnumerable many and not string)
        {
            foreach (object one in many)
            {
                CommandRuntime.WriteObject(one);
            }
        }
        else
        {
            CommandRuntime.WriteObject(sendToPipeline);
        }
    }

    public void WriteError(ErrorRecord errorRecord)
    {
        Claim(errorRecord);
        CommandRuntime.WriteError(errorRecord);
    }

    public void WriteWarning(string text) => CommandRuntime.WriteWarning(text);

    public void WriteVerbose(string text) => CommandRuntime.WriteVerbose(text);

    public void WriteDebug(string text) => CommandRuntime.WriteDebug(text);

    public void WriteProgress(ProgressRecord progressRecord) => CommandRuntime.WriteProgress(progressRecord);

    public bool ShouldProcess(string target) => ShouldProcess(target, GetType().Name);

    public bool ShouldProcess(string target, string action)
    {
        string description = $"Performing the operation \"{action}\" on target \"{target}\".";
        return CommandRuntime.ShouldProcess(description, description, "Confirm");
    }

    public bool ShouldProcess(string verboseDescription, string verboseWarning, string caption) =>
        CommandRuntime.ShouldProcess(verboseDescription, verboseWarning, caption);

    public bool ShouldContinue(string query, string caption) => CommandRuntime.ShouldContinue(query, caption);

    public void ThrowTerminatingError(ErrorRecord errorRecord)
    {
        Claim(errorRecord);
        CommandRuntime.ThrowTerminatingError(errorRecord);
    }

    protected virtual void BeginProcessing()
    {
    }

    protected virtual void ProcessRecord()
    {
    }

    protected virtual void EndProcessing()
    {
    }

    protected virtual void StopProcessing()
    {
    }

    public void DriveBegin() => BeginProcessing();

    public void DriveProcess() => ProcessRecord();

    public void DriveEnd() => EndProcessing();

    public void DriveStop()
    {
        Stopping = true;
        StopProcessing();
    }

    // PowerShell appends the class to the id.
    private void Claim(ErrorRecord record) => record.Command = GetType().FullName;
}

public abstract class PSCmdlet : Cmdlet
{
    public InvocationInfo MyInvocation { get; set; } = new();

    public SessionState SessionState { get; set; } = new();

    public string ParameterSetName { get; set; } = ParameterAttribute.AllParameterSets;

    public object GetVariableValue(string name) => SessionState.PSVariable.GetValue(name);

    public object GetVariableValue(string name, object defaultValue) => SessionState.PSVariable.GetValue(name) ?? defaultValue;

    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider) =>
        SessionState.Path.GetResolvedProviderPathFromPSPath(path, out provider);

    public string GetUnresolvedProviderPathFromPSPath(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
}

public sealed class InvocationInfo
{
    public Dictionary<string, object> BoundParameters { get; } = new(StringComparer.OrdinalIgnoreCase);

    public bool ExpectingInput { get; set; }

    public string InvocationName { get; set; } = "";

    public string Line { get; set; } = "";
}
