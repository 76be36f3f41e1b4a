using System;
using System.Runtime.InteropServices;

namespace KeyManager.Tests.Support;

/// <summary>Tells Wine from Windows, for the few things that Wine lacks.</summary>
internal static class Wine
{
    /// <summary>True when this process runs under Wine.</summary>
    public static bool IsHere { get; } = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) && HasVersion();

    private static bool HasVersion()
    {
        try
        {
            return GetVersion() != IntPtr.Zero;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport("ntdll", EntryPoint = "wine_get_version")]
    private static extern IntPtr GetVersion();
}
