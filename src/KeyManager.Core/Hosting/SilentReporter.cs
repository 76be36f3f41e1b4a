namespace KeyManager.Hosting;

/// <summary>Tells nobody: for questions whose warnings the user hears when it becomes serious.</summary>
public sealed class SilentReporter : IReporter
{
    public static SilentReporter Instance { get; } = new();

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
