namespace KeyManager.Operations;

/// <summary>The form in which a certificate is exported.</summary>
public enum ExportFormat
{
    /// <summary>PKCS#12 with key and chain: IIS, Windows, Java 9 and later.</summary>
    Pkcs12,

    /// <summary>Java KeyStore with key and chain: Tomcat.</summary>
    Jks,

    /// <summary>Separate PEM files: certificate, chain, full chain and key: nginx, Apache, HAProxy.</summary>
    Pem,

    /// <summary>The certificate alone, DER.</summary>
    Der,

    /// <summary>Certificate and chain without key, PKCS#7.</summary>
    P7b,
}
