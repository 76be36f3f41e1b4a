using KeyManager.Hosting;

namespace KeyManager.Operations;

/// <summary>Keeps a lease alive with every step that is reported: a holder that does nothing any more loses it.</summary>
internal sealed class LeaseReporter(IReporter inner, Lease lease) : IReporter
{
    public void Warn(string message)
    {
        lease.TryKeep();
        inner.Warn(message);
    }

    public void Verbose(string message)
    {
        lease.TryKeep();
        inner.Verbose(message);
    }

    public void Progress(ProgressReport report)
    {
        lease.TryKeep();
        inner.Progress(report);
    }
}
