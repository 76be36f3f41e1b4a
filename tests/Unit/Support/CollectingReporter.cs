using System.Collections.Generic;
using KeyManager.Hosting;

namespace KeyManager.Tests.Support;

/// <summary>Keeps what an operation says, from whatever thread.</summary>
public sealed class CollectingReporter : IReporter
{
    private readonly object _gate = new();

    public List<string> Warnings { get; } = [];

    public List<string> Steps { get; } = [];

    public List<ProgressReport> Reports { get; } = [];

    public void Warn(string message)
    {
        lock (_gate)
        {
            Warnings.Add(message);
        }
    }

    public void Verbose(string message)
    {
        lock (_gate)
        {
            Steps.Add(message);
        }
    }

    public void Progress(ProgressReport report)
    {
        lock (_gate)
        {
            Reports.Add(report);
        }
    }
}
