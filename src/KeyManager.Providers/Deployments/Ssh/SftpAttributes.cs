namespace KeyManager.Providers.Deployments.Ssh;

/// <summary>What a server says of a file; <c>null</c> for what it does not say.</summary>
internal sealed record SftpAttributes(int? Mode, uint? UserId, uint? GroupId, ulong? Size)
{
    private const uint HasSize = 1;
    private const uint HasOwner = 2;
    private const uint HasMode = 4;
    private const uint HasTimes = 8;
    private const uint HasMore = 0x80000000;
    private const int TypeMask = 0xF000;
    private const int Folder = 0x4000;
    private const int Link = 0xA000;
    private const int Regular = 0x8000;

    public bool IsFolder => (Mode & TypeMask) == Folder;

    public bool IsLink => (Mode & TypeMask) == Link;

    public bool IsRegularFile => (Mode & TypeMask) == Regular;

    public static SftpAttributes Read(SftpReader reader)
    {
        uint flags = reader.Number();
        ulong? size = (flags & HasSize) != 0 ? reader.Long() : null;
        uint? user = (flags & HasOwner) != 0 ? reader.Number() : null;
        uint? group = (flags & HasOwner) != 0 ? reader.Number() : null;
        int? mode = (flags & HasMode) != 0 ? (int)reader.Number() : null;
        if ((flags & HasTimes) != 0)
        {
            _ = reader.Long();
        }

        for (uint more = (flags & HasMore) != 0 ? reader.Number() : 0; more > 0; more--)
        {
            _ = reader.Bytes();
            _ = reader.Bytes();
        }

        return new SftpAttributes(mode, user, group, size);
    }

    public static void WriteMode(SftpPacket packet, int mode) => packet.Number(HasMode).Number((uint)mode);

    public static void WriteOwner(SftpPacket packet, uint user, uint group) => packet.Number(HasOwner).Number(user).Number(group);
}
