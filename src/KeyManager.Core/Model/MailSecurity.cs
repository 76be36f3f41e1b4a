namespace KeyManager;

/// <summary>How the connection to a mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>In the clear at first, then TLS (STARTTLS), usually port 587. A server that does not offer it gets nothing.</summary>
    StartTls,

    /// <summary>TLS from the first byte, usually port 465.</summary>
    Tls,

    /// <summary>In the clear, usually port 25. A password is never sent so.</summary>
    None,
}
