namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>Credentials that an authority gave its customer, to be bound to a new account (RFC 8555 §7.3.4).</summary>
internal sealed class ExternalAccount(string keyId, byte[] key, string algorithm)
{
    public string KeyId { get; } = keyId;

    /// <summary>The key of the message authentication code; the caller overwrites it.</summary>
    public byte[] Key { get; } = key;

    /// <summary>HS256, HS384 or HS512.</summary>
    public string Algorithm { get; } = algorithm;
}
