using System;

namespace KeyManager.Providers.Storage;

/// <summary>Tells SQLitePCLRaw which native library to use, once.</summary>
internal static class SqliteRuntime
{
    private static readonly Lazy<bool> Ready = new(() =>
    {
        SQLitePCL.Batteries_V2.Init();
        return true;
    });

    public static void Initialize() => _ = Ready.Value;
}
