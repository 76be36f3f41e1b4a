using System.Globalization;

namespace KeyManager.Providers.Storage.Care;

/// <summary>What was read of a table.</summary>
/// <param name="Name">The table.</param>
/// <param name="Rows">Rows that were read.</param>
/// <param name="Lost">Rows that are known to have been there and could not be read; -1 when that cannot be known.</param>
internal sealed record RecoveredTable(string Name, long Rows, long Lost)
{
    public override string ToString() => Lost < 0
        ? $"{Name}: an unknown number of rows"
        : string.Format(CultureInfo.InvariantCulture, "{0}: {1:N0} rows", Name, Lost);
}
