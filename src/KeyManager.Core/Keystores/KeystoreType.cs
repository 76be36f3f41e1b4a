namespace KeyManager;

/// <summary>The kinds of keystore an order can ask for.</summary>
public enum KeystoreType
{
    /// <summary>PKCS#12 (RFC 7292): .pfx, .p12; Windows, IIS, Java since 9.</summary>
    Pkcs12,

    /// <summary>Java KeyStore, for Tomcat and other Java servers before version 9.</summary>
    Jks,

    /// <summary>Separate PEM files: certificate, chain, full chain, key; nginx, Apache, HAProxy.</summary>
    Pem,
}
