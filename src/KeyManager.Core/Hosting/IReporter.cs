namespace KeyManager.Hosting;

/// <summary>
/// How an operation tells what it is doing, without knowing who listens. Calls return at once, may come from any thread, and are
/// shown in the order in which they were made. Nothing said here may hold a secret.
/// </summary>
public interface IReporter
{
    /// <summary>Something the user should know although the operation goes on.</summary>
    void Warn(string message);

    /// <summary>A step, for -Verbose.</summary>
    void Verbose(string message);

    /// <summary>How far slow work has come.</summary>
    void Progress(ProgressReport report);
}
