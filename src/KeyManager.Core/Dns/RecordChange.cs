namespace KeyManager.Dns;

/// <summary>One value that is to be at a name, or no longer to be there; whatever else the name holds is not touched.</summary>
/// <param name="IsRemoval">True to take it away.</param>
/// <param name="Type">Kind of record.</param>
/// <param name="Name">Full name in lower case, as A-labels, without a final dot.</param>
/// <param name="Value">The text as it is meant, without quotes; the full name that an alias leads to, without a final dot.</param>
public sealed record RecordChange(bool IsRemoval, DnsRecordType Type, string Name, string Value)
{
    /// <summary>A value to be added.</summary>
    public static RecordChange Add(DnsRecordType type, string name, string value) => new(false, type, name, value);

    /// <summary>A value to be taken away.</summary>
    public static RecordChange Remove(DnsRecordType type, string name, string value) => new(true, type, name, value);
}
