using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace KeyManager.Providers.Files;

/// <summary>
/// The few system calls that netstandard2.0 has no face for: creating a file with its final mode, links, owner and mode, syncing a folder.
/// </summary>
internal static class NativeUnix
{
    public const int NotFound = 2;
    public const int Exists = 17;
    private const int NotPermitted = 1;
    private const int CrossDevice = 18;
    private const int TooManyLinks = 31;
    private const int AtWorkingDirectory = -100;
    private const uint StatxBasic = 0x7FF;

    private static readonly bool IsMac = RuntimeInformation.IsOSPlatform(OSPlatform.OSX);

    public static int GetEffectiveUserId() => geteuid();

    /// <summary>Makes an empty file that did not exist, with the mode from the start. Answers 0 or the error number.</summary>
    public static int CreateExclusive(string path, int mode)
    {
        // O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, whose values differ between the systems.
        int flags = IsMac ? 0x1 | 0x200 | 0x800 | 0x1000000 : 0x1 | 0x40 | 0x80 | 0x80000;

        // open() takes its mode as a variadic argument, and Apple's arm64 convention passes those on the stack only: fill the registers first.
        bool variadicOnStack = IsMac && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        int descriptor = variadicOnStack
            ? OpenAppleArm(ToNative(path), flags, 0, 0, 0, 0, 0, 0, mode)
            : open(ToNative(path), flags, mode);
        if (descriptor < 0)
        {
            return Marshal.GetLastWin32Error();
        }

        _ = close(descriptor);
        return 0;
    }

    /// <summary>Gives a file a second name that did not exist. Answers 0 or the error number.</summary>
    public static int Link(string path, string newPath) => Result(link(ToNative(path), ToNative(newPath)));

    /// <summary>True for the answers of <see cref="Link"/> that mean "this file system has no hard links".</summary>
    public static bool MeansNoLinks(int error) => error is NotPermitted or CrossDevice or TooManyLinks || error == (IsMac ? 45 : 95) || error == (IsMac ? 78 : 38);

    public static int Rename(string path, string newPath) => Result(rename(ToNative(path), ToNative(newPath)));

    public static int ChangeMode(string path, int mode) => Result(chmod(ToNative(path), mode));

    public static int ChangeOwner(string path, int userId, int groupId) => Result(chown(ToNative(path), userId, groupId));

    public static int MakeFolder(string path, int mode) => Result(mkdir(ToNative(path), mode));

    /// <summary>Makes a rename in the folder durable. File systems that cannot are none of our business.</summary>
    public static void SyncFolder(string path)
    {
        int descriptor = IsMac && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? OpenAppleArm(ToNative(path), 0, 0, 0, 0, 0, 0, 0, 0)
            : open(ToNative(path), 0, 0);
        if (descriptor >= 0)
        {
            _ = fsync(descriptor);
            _ = close(descriptor);
        }
    }

    /// <summary>Owner and mode of what a path leads to; <c>null</c> when it cannot be looked at.</summary>
    public static UnixFileStatus? GetStatus(string path)
    {
        IntPtr buffer = Marshal.AllocHGlobal(512);
        try
        {
            if (IsMac)
            {
                // struct stat with 64-bit inodes: st_mode at 4, st_uid at 16, st_gid at 20.
                int result = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                    ? stat(ToNative(path), buffer)
                    : StatInode64(ToNative(path), buffer);
                return result != 0 ? null : new UnixFileStatus(Marshal.ReadInt16(buffer, 4) & 0xFFFF, Marshal.ReadInt32(buffer, 16), Marshal.ReadInt32(buffer, 20));
            }

            // struct statx is the same on every architecture, unlike struct stat: stx_uid at 20, stx_gid at 24, stx_mode at 28.
            return Statx(path, buffer) != 0
                ? null
                : new UnixFileStatus(Marshal.ReadInt16(buffer, 28) & 0xFFFF, Marshal.ReadInt32(buffer, 20), Marshal.ReadInt32(buffer, 24));
        }
        finally
        {
            Marshal.FreeHGlobal(buffer);
        }
    }

    /// <summary>The error in words, for a message.</summary>
    public static string Describe(int error) => error switch
    {
        1 or 13 => "access is denied",
        NotFound => "the folder does not exist",
        Exists => "it exists already",
        20 => "a part of the path is a file, not a folder",
        21 => "there is a folder of that name",
        28 => "the disk is full",
        30 => "the file system is read-only",
        36 or 63 => "the name is too long",
        69 or 122 => "the disk quota is used up",
        _ => string.Format(CultureInfo.InvariantCulture, "the system reports error {0}", error),
    };

    private static int Result(int answer) => answer == 0 ? 0 : Marshal.GetLastWin32Error();

    private static byte[] ToNative(string path)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, 0, path.Length, bytes, 0);
        return bytes;
    }

    private static int Statx(string path, IntPtr buffer)
    {
        try
        {
            return statx(AtWorkingDirectory, ToNative(path), 0, StatxBasic, buffer);
        }
        catch (EntryPointNotFoundException)
        {
            // musl before 1.2.5 (Alpine before 3.20) has the system call but no function for it.
            long number = RuntimeInformation.ProcessArchitecture switch
            {
                Architecture.X64 => 332,
                Architecture.X86 => 383,
                Architecture.Arm => 397,
                _ => 291,
            };
            return (int)syscall(number, AtWorkingDirectory, ToNative(path), 0, StatxBasic, buffer);
        }
    }

#pragma warning disable IDE1006, SA1300, CA2101 // names as in the C library; paths are passed as UTF-8 bytes
    [DllImport("libc", SetLastError = true)]
    private static extern int open(byte[] path, int flags, int mode);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenAppleArm(byte[] path, int flags, long fill1, long fill2, long fill3, long fill4, long fill5, long fill6, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int link(byte[] path, byte[] newPath);

    [DllImport("libc", SetLastError = true)]
    private static extern int rename(byte[] path, byte[] newPath);

    [DllImport("libc", SetLastError = true)]
    private static extern int chmod(byte[] path, int mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int chown(byte[] path, int userId, int groupId);

    [DllImport("libc", SetLastError = true)]
    private static extern int mkdir(byte[] path, int mode);

    [DllImport("libc")]
    private static extern int geteuid();

    [DllImport("libc", SetLastError = true)]
    private static extern int statx(int folder, byte[] path, int flags, uint mask, IntPtr buffer);

    [DllImport("libc", SetLastError = true)]
    private static extern IntPtr syscall(long number, long folder, byte[] path, long flags, long mask, IntPtr buffer);

    [DllImport("libc", SetLastError = true)]
    private static extern int stat(byte[] path, IntPtr buffer);

    [DllImport("libc", EntryPoint = "stat$INODE64", SetLastError = true)]
    private static extern int StatInode64(byte[] path, IntPtr buffer);
#pragma warning restore IDE1006, SA1300, CA2101
}
