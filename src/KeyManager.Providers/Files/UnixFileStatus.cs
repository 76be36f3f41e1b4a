namespace KeyManager.Providers.Files;

/// <summary>Owner and mode of a file on Unix.</summary>
/// <param name="Mode">Type and permission bits, as st_mode.</param>
internal sealed record UnixFileStatus(int Mode, int UserId, int GroupId)
{
    /// <summary>The permission bits alone.</summary>
    public int Permissions => Mode & 0xFFF;

    /// <summary>True for a file with content of its own, and none of the things that only look like one.</summary>
    public bool IsRegularFile => (Mode & 0xF000) == 0x8000;

    /// <summary>True when somebody other than the owner has any right.</summary>
    public bool IsOpenToOthers => (Mode & 0x3F) != 0;
}
