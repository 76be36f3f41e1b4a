namespace KeyManager.Providers.Dns.Wire;

/// <summary>Type of a record or of a question (RFC 1035 §3.2.2). Only those that KeyManager names; every other number is a valid value too.</summary>
internal enum DnsType : ushort
{
    A = 1,
    NS = 2,
    CName = 5,
    Soa = 6,
    Ptr = 12,
    MX = 15,
    Txt = 16,
    Aaaa = 28,
    DName = 39,
    Opt = 41,
    Tsig = 250,
    Any = 255,
    Caa = 257,
}
