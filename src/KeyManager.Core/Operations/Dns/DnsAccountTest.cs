namespace KeyManager.Operations;

/// <summary>What came of trying an account out with one domain.</summary>
public sealed record DnsAccountTest
{
    /// <summary>Name of the DNS account.</summary>
    public required string DnsAccount { get; init; }

    /// <summary>Name of the service.</summary>
    public required string Provider { get; init; }

    /// <summary>The domain.</summary>
    public required string DomainName { get; init; }

    /// <summary>The zone that holds it; <c>null</c> when none was found.</summary>
    public string? Zone { get; init; }

    /// <summary>The name at which a record was written and taken away.</summary>
    public required string RecordName { get; init; }

    /// <summary>True when a record could be written and taken away.</summary>
    public bool IsWorking => Problem is null;

    /// <summary>Which step failed: FindZone, Write, Remove; <c>null</c> when none did.</summary>
    public string? FailedStep { get; init; }

    /// <summary>What went wrong; <c>null</c> when nothing did.</summary>
    public string? Problem { get; init; }

    /// <summary>Error id of it.</summary>
    public string? ErrorId { get; init; }

    /// <summary>What to do.</summary>
    public string? Remedy { get; init; }
}
