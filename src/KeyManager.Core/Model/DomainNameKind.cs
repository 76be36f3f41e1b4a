namespace KeyManager;

/// <summary>What a <see cref="DomainName"/> is.</summary>
public enum DomainNameKind
{
    /// <summary>A plain DNS name.</summary>
    Dns,

    /// <summary>A wildcard for exactly one left-most label, such as *.contoso.com.</summary>
    Wildcard,

    /// <summary>An IPv4 or IPv6 address (RFC 8738).</summary>
    IpAddress,
}
