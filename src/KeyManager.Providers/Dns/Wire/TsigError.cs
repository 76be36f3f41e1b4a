namespace KeyManager.Providers.Dns.Wire;

/// <summary>What the server did not like about a signature (RFC 8945 §3). Numbers of the TSIG record; 16 means something else in a header.</summary>
internal enum TsigError : ushort
{
    None = 0,
    BadSig = 16,
    BadKey = 17,
    BadTime = 18,
    BadTrunc = 22,
}
