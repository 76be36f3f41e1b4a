namespace KeyManager.Deployments;

/// <summary>What is said on a connection before its TLS handshake.</summary>
public enum EndpointProtocol
{
    /// <summary>Nothing: https, ldaps, imaps and the like.</summary>
    Tls,

    /// <summary>SMTP with STARTTLS (RFC 3207).</summary>
    Smtp,

    /// <summary>IMAP with STARTTLS (RFC 9051 §6.2.1).</summary>
    Imap,

    /// <summary>POP3 with STLS (RFC 2595).</summary>
    Pop3,

    /// <summary>PostgreSQL's SSLRequest.</summary>
    Postgres,

    /// <summary>LDAP's StartTLS (RFC 4511 §4.14).</summary>
    Ldap,

    /// <summary>FTP with AUTH TLS (RFC 4217 §4).</summary>
    Ftp,

    /// <summary>XMPP between client and server, with STARTTLS (RFC 6120 §5).</summary>
    Xmpp,

    /// <summary>XMPP between servers, with STARTTLS (RFC 6120 §5).</summary>
    XmppServer,
}
