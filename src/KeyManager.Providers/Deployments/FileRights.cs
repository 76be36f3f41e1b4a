namespace KeyManager.Providers.Deployments;

/// <summary>Rights of files on Unix.</summary>
internal static class FileRights
{
    /// <summary>0644</summary>
    public const int Public = 0x1A4;

    /// <summary>0600</summary>
    public const int Private = 0x180;

    private const int WithGroup = 0x1F8; // rwxrwx---: who is in the group was let in on purpose
    private const int All = 0x1FF;

    /// <summary>The rights that the new file takes over from the old one; others never read a private one.</summary>
    public static int Of(int old, bool isPrivate) => isPrivate ? old & WithGroup & ~0x10 : old & All;
}
