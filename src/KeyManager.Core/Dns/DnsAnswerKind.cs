namespace KeyManager.Dns;

/// <summary>What the answer of one DNS server means for somebody who waits for a record.</summary>
public enum DnsAnswerKind
{
    /// <summary>It has what was looked for.</summary>
    Present,

    /// <summary>It has records of this kind, and not all of the values.</summary>
    Stale,

    /// <summary>It has no such record, or no such name.</summary>
    Missing,

    /// <summary>It says that the name is an alias (CNAME) of another one.</summary>
    Alias,

    /// <summary>It does not serve the zone: it refuses, or sends elsewhere. Resolvers pass such a server over.</summary>
    Lame,

    /// <summary>It answers SERVFAIL or another error: the zone expired there, cannot be loaded or cannot be signed.</summary>
    Failed,

    /// <summary>It gave no answer, which may be so for this machine alone.</summary>
    Silent,
}
