namespace KeyManager.Storage;

/// <summary>Which protector to add.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Name for people; by default that of the kind.</param>
/// <param name="Path">For KeyFile: the file; it is made when it does not exist.</param>
/// <param name="Passphrase">For Passphrase: UTF-8 bytes, at least 8; the caller overwrites them.</param>
public sealed record KeyProtectorRequest(KeyProtectorKind Kind, string? Name = null, string? Path = null, byte[]? Passphrase = null)
{
    // A record prints its members; this one must not.
    public override string ToString() => $"{Kind} protector";
}
