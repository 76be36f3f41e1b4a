using System.Globalization;

namespace KeyManager.Storage;

/// <summary>Where a purge has cut the audit trail.</summary>
/// <param name="Number">Number of the last line that was removed.</param>
/// <param name="Hash">Its hash, from which the next line goes on.</param>
/// <param name="Removed">How many lines this purge removed.</param>
public sealed record AuditCheckpoint(long Number, string Hash, long Removed)
{
    /// <summary>The words in the trail that prove the checkpoint.</summary>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, "{0} lines removed, up to line {1} with hash {2}", Removed, Number, Hash);
}
