using System.Collections.Generic;

namespace KeyManager.Dns;

/// <summary>What one DNS server said about a record: a line of Test-KmDnsRecord.</summary>
public sealed record DnsRecordTest
{
    /// <summary>The name that was asked for.</summary>
    public required string Name { get; init; }

    /// <summary>The name at the end of its aliases (CNAME), where the record has to be; the same as <see cref="Name"/> where there is none.</summary>
    public required string RecordName { get; init; }

    /// <summary>Kind of record.</summary>
    public required DnsRecordType Type { get; init; }

    /// <summary>The zone that holds it; empty when a resolver was asked.</summary>
    public required string Zone { get; init; }

    /// <summary>Name of the server; empty for a resolver.</summary>
    public required string Server { get; init; }

    /// <summary>Address that was asked.</summary>
    public required string Address { get; init; }

    /// <summary>What the answer means.</summary>
    public required DnsAnswerKind Result { get; init; }

    /// <summary>The values at the name; empty when there are none.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>Serial number of the zone at this server, by which copies that lag behind are told; <c>null</c> when it did not say.</summary>
    public long? Serial { get; init; }

    /// <summary>The answer in words.</summary>
    public required string Message { get; init; }
}
