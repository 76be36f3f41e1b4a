namespace KeyManager.Files;

/// <summary>A file to be written.</summary>
/// <param name="Path">Where.</param>
/// <param name="Content">What.</param>
/// <param name="IsPrivate">True when only the owner may read it.</param>
/// <param name="IsLasting">False for what nobody would miss after a loss of power: it is not waited for the disk.</param>
public sealed record FileContent(string Path, byte[] Content, bool IsPrivate, bool IsLasting = true)
{
    // A record prints its members; the content may be a key.
    public override string ToString() => Path;
}
