namespace KeyManager.Providers.Dns.Wire;

/// <summary>Class of a record. In an UPDATE it says what to do with the record (RFC 2136 §2.5); in an OPT record it is a payload size (RFC 6891 §6.1.2).</summary>
internal enum DnsClass : ushort
{
    /// <summary>The internet. In an update: add.</summary>
    Internet = 1,

    /// <summary>In an update: delete exactly this record; in a prerequisite: must not exist.</summary>
    None = 254,

    /// <summary>In an update: delete the set; in a prerequisite: must exist.</summary>
    Any = 255,
}
