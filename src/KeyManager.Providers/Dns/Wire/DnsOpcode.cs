namespace KeyManager.Providers.Dns.Wire;

/// <summary>What kind of message it is (RFC 1035 §4.1.1, RFC 2136 §1.3).</summary>
internal enum DnsOpcode
{
    Query = 0,
    Notify = 4,
    Update = 5,
}
