using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace KeyManager.Tests.Support;

/// <summary>What one run of a cmdlet left behind.</summary>
public sealed class CmdletResult
{
    public List<object> Output { get; } = [];

    public List<ErrorRecord> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> Verbose { get; } = [];

    public List<ProgressRecord> Progress { get; } = [];

    /// <summary>Every question, in order: the description that -WhatIf would show.</summary>
    public List<string> Questions { get; } = [];

    /// <summary>All that was written, as "stream: text", in the order of writing.</summary>
    public List<string> Transcript { get; } = [];

    /// <summary>The error that ended the command; null when it ran to its end.</summary>
    public ErrorRecord? Terminating { get; internal set; }

    /// <summary>What left the cmdlet: what travels through PowerShell when a pipeline ends early.</summary>
    public Exception? Thrown { get; internal set; }

    public TimeSpan Elapsed { get; internal set; }

    /// <summary>From Ctrl-C to the return; all of <see cref="Elapsed"/> when there was none.</summary>
    public TimeSpan AfterStop { get; internal set; }

    public IReadOnlyList<T> OutputOf<T>() => [.. Output.Cast<T>()];

    /// <summary>The one error, terminating or not.</summary>
    public ErrorRecord Error => Terminating ?? Errors.Single();
}
