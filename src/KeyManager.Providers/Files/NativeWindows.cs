using System;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace KeyManager.Providers.Files;

/// <summary>
/// Files and folders created with their access list, and access lists read as SDDL. netstandard2.0 has no FileSystemAcl, and the package for
/// it behaves differently on .NET Framework and .NET; these few calls are the same on both.
/// </summary>
internal static class NativeWindows
{
    public const int FileExists = 80;
    public const int AlreadyExists = 183;
    private const uint GenericWrite = 0x40000000;
    private const uint CreateNew = 1;
    private const uint TokenQuery = 8;
    private const int TokenUser = 1;
    private const int TokenElevation = 20;
    private const int FileObject = 1;
    private const uint DaclInformation = 4;
    private const uint ProtectedDaclInformation = 0x80000000;
    private static readonly IntPtr InvalidHandle = new(-1);

    /// <summary>Makes an empty file that did not exist, with the access list from the start. Answers 0 or the error number.</summary>
    public static int CreateExclusive(string path, string sddl) => WithSecurity(sddl, attributes =>
    {
        IntPtr handle = CreateFile(path, GenericWrite, 0, ref attributes, CreateNew, 0x80, IntPtr.Zero);
        if (handle == InvalidHandle)
        {
            return Marshal.GetLastWin32Error();
        }

        _ = CloseHandle(handle);
        return 0;
    });

    /// <summary>Makes a folder with the access list from the start. Answers 0 or the error number.</summary>
    public static int MakeFolder(string path, string sddl) =>
        WithSecurity(sddl, attributes => CreateDirectory(path, ref attributes) ? 0 : Marshal.GetLastWin32Error());

    /// <summary>Puts one file in the place of another, or where there was none. Answers 0 or the error number.</summary>
    public static int Replace(string path, string newPath) =>
        MoveFileEx(path, newPath, 0x1 | 0x8) ? 0 : Marshal.GetLastWin32Error(); // replace existing, write through

    /// <summary>Moves a file to a name that did not exist. Answers 0 or the error number.</summary>
    public static int MoveNew(string path, string newPath) => MoveFileEx(path, newPath, 0x8) ? 0 : Marshal.GetLastWin32Error();

    /// <summary>The access list of a file as SDDL; <c>null</c> when it cannot be read.</summary>
    public static string? GetAccessList(string path)
    {
        if (GetNamedSecurityInfo(path, FileObject, DaclInformation, out _, out _, out _, out _, out IntPtr descriptor) != 0)
        {
            return null;
        }

        try
        {
            if (!ConvertSecurityDescriptorToStringSecurityDescriptor(descriptor, 1, DaclInformation, out IntPtr text, out _))
            {
                return null;
            }

            string? sddl = Marshal.PtrToStringUni(text);
            _ = LocalFree(text);
            return sddl;
        }
        finally
        {
            _ = LocalFree(descriptor);
        }
    }

    /// <summary>Replaces the access list of a file. Answers 0 or the error number.</summary>
    public static int SetAccessList(string path, string sddl)
    {
        IntPtr descriptor = ToDescriptor(sddl);
        try
        {
            return GetSecurityDescriptorDacl(descriptor, out _, out IntPtr list, out _)
                ? SetNamedSecurityInfo(path, FileObject, DaclInformation | ProtectedDaclInformation, IntPtr.Zero, IntPtr.Zero, list, IntPtr.Zero)
                : Marshal.GetLastWin32Error();
        }
        finally
        {
            _ = LocalFree(descriptor);
        }
    }

    /// <summary>True when the process runs with administrator rights in force.</summary>
    public static bool IsElevated()
    {
        if (!OpenProcessToken(GetCurrentProcess(), TokenQuery, out IntPtr token))
        {
            return false;
        }

        IntPtr buffer = Marshal.AllocHGlobal(sizeof(int));
        try
        {
            return GetTokenInformation(token, TokenElevation, buffer, sizeof(int), out _) && Marshal.ReadInt32(buffer) != 0;
        }
        finally
        {
            Marshal.FreeHGlobal(buffer);
            _ = CloseHandle(token);
        }
    }

    /// <summary>The security identifier of the user of this process, S-1-5-...</summary>
    public static string CurrentUserSid()
    {
        if (!OpenProcessToken(GetCurrentProcess(), TokenQuery, out IntPtr token))
        {
            throw new Win32Exception(Marshal.GetLastWin32Error());
        }

        IntPtr buffer = Marshal.AllocHGlobal(256);
        try
        {
            if (!GetTokenInformation(token, TokenUser, buffer, 256, out _) || !ConvertSidToStringSid(Marshal.ReadIntPtr(buffer), out IntPtr text))
            {
                throw new Win32Exception(Marshal.GetLastWin32Error());
            }

            string sid = Marshal.PtrToStringUni(text)!; // the call has succeeded, so there is a text
            _ = LocalFree(text);
            return sid;
        }
        finally
        {
            Marshal.FreeHGlobal(buffer);
            _ = CloseHandle(token);
        }
    }

    private static int WithSecurity(string sddl, Func<SecurityAttributes, int> work)
    {
        IntPtr descriptor = ToDescriptor(sddl);
        try
        {
            return work(new SecurityAttributes { Length = Marshal.SizeOf<SecurityAttributes>(), Descriptor = descriptor });
        }
        finally
        {
            _ = LocalFree(descriptor);
        }
    }

    private static IntPtr ToDescriptor(string sddl) =>
        ConvertStringSecurityDescriptorToSecurityDescriptor(sddl, 1, out IntPtr descriptor, out _)
            ? descriptor
            : throw new Win32Exception(Marshal.GetLastWin32Error());

    [StructLayout(LayoutKind.Sequential)]
    private struct SecurityAttributes
    {
        public int Length;
        public IntPtr Descriptor;
        public int InheritHandle;
    }

    [DllImport("kernel32", EntryPoint = "CreateFileW", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern IntPtr CreateFile(string path, uint access, uint share, ref SecurityAttributes security, uint disposition, uint flags, IntPtr template);

    [DllImport("kernel32", EntryPoint = "CreateDirectoryW", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern bool CreateDirectory(string path, ref SecurityAttributes security);

    [DllImport("kernel32", EntryPoint = "MoveFileExW", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern bool MoveFileEx(string path, string newPath, uint flags);

    [DllImport("kernel32", SetLastError = true)]
    private static extern bool CloseHandle(IntPtr handle);

    [DllImport("kernel32")]
    private static extern IntPtr LocalFree(IntPtr memory);

    [DllImport("kernel32")]
    private static extern IntPtr GetCurrentProcess();

    [DllImport("advapi32", SetLastError = true)]
    private static extern bool OpenProcessToken(IntPtr process, uint access, out IntPtr token);

    [DllImport("advapi32", SetLastError = true)]
    private static extern bool GetTokenInformation(IntPtr token, int kind, IntPtr buffer, int length, out int needed);

    [DllImport("advapi32", EntryPoint = "ConvertSidToStringSidW", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern bool ConvertSidToStringSid(IntPtr sid, out IntPtr text);

    [DllImport("advapi32", EntryPoint = "ConvertStringSecurityDescriptorToSecurityDescriptorW", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern bool ConvertStringSecurityDescriptorToSecurityDescriptor(string sddl, int revision, out IntPtr descriptor, out int size);

    [DllImport("advapi32", EntryPoint = "ConvertSecurityDescriptorToStringSecurityDescriptorW", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern bool ConvertSecurityDescriptorToStringSecurityDescriptor(IntPtr descriptor, int revision, uint what, out IntPtr text, out int length);

    [DllImport("advapi32", EntryPoint = "GetNamedSecurityInfoW", CharSet = CharSet.Unicode)]
    private static extern int GetNamedSecurityInfo(string path, int kind, uint what, out IntPtr owner, out IntPtr group, out IntPtr dacl, out IntPtr sacl, out IntPtr descriptor);

    [DllImport("advapi32", EntryPoint = "SetNamedSecurityInfoW", CharSet = CharSet.Unicode)]
    private static extern int SetNamedSecurityInfo(string path, int kind, uint what, IntPtr owner, IntPtr group, IntPtr dacl, IntPtr sacl);

    [DllImport("advapi32", SetLastError = true)]
    private static extern bool GetSecurityDescriptorDacl(IntPtr descriptor, out bool present, out IntPtr dacl, out bool defaulted);
}
