using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>The records of an account's zones, as one of GoDaddy's interfaces has them.</summary>
internal interface IRecordInterface
{
    /// <summary>Looks whether the account has a zone of this name.</summary>
    Task<ZoneProbe> ProbeAsync(string zone, CancellationToken cancellationToken);

    /// <summary>Whether the texts at one name of the zone can be read. Asked where the zone itself may not be looked at.</summary>
    Task<bool> MayReadAsync(string zone, string name, CancellationToken cancellationToken);

    /// <summary>What is at the types and names of the values; <c>null</c> when the service does not show it.</summary>
    Task<IReadOnlyList<GoDaddyRecord>?> TryReadAsync(string zone, IReadOnlyList<RecordValue> values, CancellationToken cancellationToken);

    /// <summary>Adds values. One that is there stays as it is.</summary>
    Task AddAsync(string zone, IReadOnlyList<RecordValue> values, CancellationToken cancellationToken);

    /// <summary>Takes values away. One that is not there is no error.</summary>
    Task RemoveAsync(string zone, IReadOnlyList<RecordValue> values, CancellationToken cancellationToken);
}
