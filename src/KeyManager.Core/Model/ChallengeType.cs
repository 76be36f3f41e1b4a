namespace KeyManager;

/// <summary>How control of a name is proved.</summary>
public enum ChallengeType
{
    /// <summary>A file below /.well-known/acme-challenge/ over HTTP (RFC 8555 §8.3).</summary>
    Http01,

    /// <summary>A TXT record at _acme-challenge (RFC 8555 §8.4).</summary>
    Dns01,

    /// <summary>A certificate in a TLS handshake (RFC 8737).</summary>
    TlsAlpn01,

    /// <summary>A standing TXT record that names the account (draft-ietf-acme-dns-persist).</summary>
    DnsPersist01,

    /// <summary>A TXT record below a label of the account, so that several accounts prove one name side by side (draft-ietf-acme-dns-account-label).</summary>
    DnsAccount01,

    /// <summary>A mail to an approver address.</summary>
    Email,

    /// <summary>A file over HTTP, below a folder and with a name that the authority gives; often /.well-known/pki-validation/ (Baseline Requirements §3.2.2.4.18).</summary>
    HttpFile,

    /// <summary>The same over HTTPS.</summary>
    HttpsFile,

    /// <summary>A CNAME record at a name that the authority gives (Baseline Requirements §3.2.2.4.7).</summary>
    DnsCname,

    /// <summary>A TXT record at a name that the authority gives (Baseline Requirements §3.2.2.4.7).</summary>
    DnsTxt,
}
