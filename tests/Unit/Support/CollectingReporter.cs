using System.Collections.Generic;
using KeyManager.Hosting;

namespace KeyManager.Tests.Support;

/// <summary>Keeps what an operation says.</summary>
public sealed class CollectingReporter : IReporter
{
    public List<string> Warnings { get; } = [];

    public List<string> Steps { get; } = [];

    public List<ProgressReport> Reports { get; } = [];

    public void Warn(string message) => Warnings.Add(message);

    public void Verbose(string message) => Steps.Add(message);

    public void Progress(ProgressReport report) => Reports.Add(report);
}
