namespace KeyManager.Providers.Files;

/// <summary>Owner and mode of a file on Unix.</summary>
/// <param name="Mode">Type and permission bits, as st_mode.</param>
internal sealed record UnixFileStatus(int Mode, int UserId, int GroupId)
{
    /// <summary>The permission bits alone.</summary>
    public int Permissions => Mode & 0xFFF;

    /// <summary>True when somebody other than the owner has any right.</summary>
    public bool IsOpenToOthers => (Mode & 0x3F) != 0;
}
