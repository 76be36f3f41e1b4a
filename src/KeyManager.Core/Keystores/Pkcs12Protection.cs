namespace KeyManager;

/// <summary>How a PKCS#12 file is encrypted.</summary>
public enum Pkcs12Protection
{
    /// <summary>Modern, unless the file is for a system that cannot read it.</summary>
    Auto,

    /// <summary>AES-256-CBC with PBKDF2-HMAC-SHA256 and a SHA-256 MAC: Windows Server 2019 and later, Java 8u301 and later, OpenSSL 3.</summary>
    Modern,

    /// <summary>3DES with a SHA-1 MAC: Windows Server 2016 and earlier, old Java.</summary>
    Legacy,
}
