namespace KeyManager.Storage;

/// <summary>A file to write.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="IsPrivate">True for keys and keystores: only the owner may read it.</param>
public sealed record FileContent(string Path, byte[] Bytes, bool IsPrivate)
{
    public override string ToString() => Path;
}
