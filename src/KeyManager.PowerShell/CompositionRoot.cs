using System;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Threading;
using KeyManager.Operations;

namespace KeyManager.PowerShell;

/// <summary>
/// Where cmdlets meet the implementation; the only file of this project that may name KeyManager.Providers, whose assembly lives in a
/// load context of its own.
/// </summary>
/// <remarks>
/// The open stores are the one piece of state that a process shares: opening one costs more than most commands, and an unlocked store
/// must stay unlocked for the next command. They are keyed by full path and closed when the module is removed.
/// </remarks>
internal static class CompositionRoot
{
    private static readonly StringComparer PathComparer =
        RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    private static readonly ConcurrentDictionary<string, Lazy<KeyManagerServices>> Stores = new(PathComparer);
    private static readonly ConcurrentDictionary<string, Lazy<KeyManagerServices>> ReadOnlyStores = new(PathComparer);

    /// <summary>Opens the store at a full path, or the user's own when it is null.</summary>
    internal static Func<string?, KeyManagerServices> Open { get; set; } = path => throw new System.NotSupportedException(path);

    /// <summary>The same for looking only: creates nothing, unlocks nothing.</summary>
    internal static Func<string?, KeyManagerServices> OpenReadOnly { get; set; } = path => throw new System.NotSupportedException(path);

    /// <summary>The open store at a full path; null is the user's own.</summary>
    public static KeyManagerServices GetServices(string? path) => Get(Stores, path, Open);

    /// <summary>A store for tab completion: the open one when there is one, else one opened for reading.</summary>
    public static KeyManagerServices PeekServices(string? path) =>
        Stores.TryGetValue(path ?? "", out Lazy<KeyManagerServices>? open) && open.IsValueCreated
            ? open.Value
            : Get(ReadOnlyStores, path, OpenReadOnly);

    /// <summary>The full path that a -StorePath means; null when neither it nor the environment names one.</summary>
    public static string? StorePath(string? parameter, PSCmdlet cmdlet)
    {
        string? path = StorePathOrVariable(parameter);
        return path is null ? null : PathParameter.Resolve(cmdlet, path);
    }

    /// <summary>What names the store, not yet resolved.</summary>
    public static string? StorePathOrVariable(string? parameter)
    {
        string? path = string.IsNullOrWhiteSpace(parameter) ? Environment.GetEnvironmentVariable("KM_STORE") : parameter;
        return string.IsNullOrWhiteSpace(path) ? null : path;
    }

    /// <summary>Closes what is open.</summary>
    public static void CloseAll()
    {
        Close(Stores);
        Close(ReadOnlyStores);
    }

    private static KeyManagerServices Get(
        ConcurrentDictionary<string, Lazy<KeyManagerServices>> stores,
        string? path,
        Func<string?, KeyManagerServices> open)
    {
        string key = path ?? "";
        Lazy<KeyManagerServices> entry = stores.GetOrAdd(
            key, _ => new Lazy<KeyManagerServices>(() => open(path), LazyThreadSafetyMode.ExecutionAndPublication));
        try
        {
            return entry.Value;
        }
        catch
        {
            // A failure is not remembered: the next command tries again.
            stores.TryRemove(key, out _);
            throw;
        }
    }

    private static void Close(ConcurrentDictionary<string, Lazy<KeyManagerServices>> stores)
    {
        foreach (string key in stores.Keys)
        {
            if (stores.TryRemove(key, out Lazy<KeyManagerServices>? entry) && entry.IsValueCreated)
            {
                entry.Value.Dispose();
            }
        }
    }
}
