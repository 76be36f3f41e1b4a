namespace KeyManager.Dns;

/// <summary>The records that proofs need.</summary>
public enum DnsRecordType
{
    /// <summary>Text; a name may hold several.</summary>
    Txt,

    /// <summary>An alias; it stands alone at its name.</summary>
    CName,
}
