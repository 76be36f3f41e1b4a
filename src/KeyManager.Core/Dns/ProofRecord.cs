namespace KeyManager.Dns;

/// <summary>A record that proves a name, before it is known who writes it.</summary>
/// <param name="Domain">The name to be proved.</param>
/// <param name="Name">Full name of the record, before any alias is followed.</param>
/// <param name="Type">Kind of record.</param>
public sealed record ProofRecord(DomainName Domain, string Name, DnsRecordType Type = DnsRecordType.Txt);
