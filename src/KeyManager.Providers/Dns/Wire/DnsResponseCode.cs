namespace KeyManager.Providers.Dns.Wire;

/// <summary>How the server answered (RFC 6895 §2.3). The names are the ones that every DNS tool prints.</summary>
internal enum DnsResponseCode
{
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NXDomain = 3,
    NotImp = 4,
    Refused = 5,
    YXDomain = 6,
    YXRRSet = 7,
    NXRRSet = 8,
    NotAuth = 9,
    NotZone = 10,

    /// <summary>In the header with EDNS only; 16 in a TSIG record means BADSIG.</summary>
    BadVers = 16,
}
