using System;
using System.Runtime.InteropServices;

namespace KeyManager.Providers.Storage;

/// <summary>Who a line of the audit trail names.</summary>
internal static class CurrentUser
{
    // Linux asks its name services each time, a directory in the network perhaps. On Windows, where it is cheap, a thread may act as somebody else.
    private static readonly string? Fixed = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? null : Environment.UserName;

    public static string Name => Fixed ?? Environment.UserName;
}
