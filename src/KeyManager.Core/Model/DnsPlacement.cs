namespace KeyManager;

/// <summary>Where the record of a challenge is written.</summary>
public sealed record DnsPlacement
{
    /// <summary>Identifier of the DNS account.</summary>
    public required string DnsAccountId { get; init; }

    /// <summary>Its name when the record was written.</summary>
    public required string DnsAccount { get; init; }

    /// <summary>Identifier of the mapping whose settings go before the account's; <c>null</c> for none.</summary>
    public string? MappingId { get; init; }

    /// <summary>How the service calls the zone.</summary>
    public required string ZoneId { get; init; }

    /// <summary>Name of the zone.</summary>
    public required string Zone { get; init; }

    /// <summary>Full name of the record, at the end of its aliases.</summary>
    public required string RecordName { get; init; }

    public override string ToString() => $"{RecordName} in {Zone} ({DnsAccount})";
}
