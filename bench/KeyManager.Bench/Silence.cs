using KeyManager.Hosting;

namespace KeyManager.Bench;

/// <summary>Nobody listens.</summary>
internal sealed class Silence : IReporter
{
    public static Silence Instance { get; } = new();

    public void Warn(string message)
    {
    }

    public void Verbose(string message)
    {
    }

    public void Progress(ProgressReport report)
    {
    }
}
