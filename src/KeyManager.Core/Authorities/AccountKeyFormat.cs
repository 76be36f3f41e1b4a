namespace KeyManager.Authorities;

/// <summary>How an account key is written into a file.</summary>
public enum AccountKeyFormat
{
    /// <summary>PKCS#8 as PEM, encrypted when a password is given.</summary>
    Pem,

    /// <summary>JSON Web Key (RFC 7517), in the clear.</summary>
    Jwk,
}
