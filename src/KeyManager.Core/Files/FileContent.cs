namespace KeyManager.Files;

/// <summary>A file to be written.</summary>
/// <param name="Path">Where.</param>
/// <param name="Content">What.</param>
/// <param name="IsPrivate">True when only the owner may read it.</param>
public sealed record FileContent(string Path, byte[] Content, bool IsPrivate)
{
    // A record prints its members; the content may be a key.
    public override string ToString() => Path;
}
