using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Deployments;
using KeyManager.Dns;
using KeyManager.Hosting;
using KeyManager.Moving;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Storage;

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

    /// <summary>Takes the place of the real thing in tests.</summary>
    internal static Func<StoreLocation, bool, KeyManagerServices> Open { get; set; } = (location, create) => KeyManagerHost.Open(location, create);

    /// <summary>The authorities of this build; needs no store.</summary>
    public static IReadOnlyList<AuthorityDescription> Authorities => KeyManagerHost.Authorities;

    /// <summary>The authority with this name; letter case does not matter. Needs no store.</summary>
    /// <exception cref="NotFoundException">KmAuthorityNotFound.</exception>
    public static AuthorityDescription GetAuthority(string name) =>
        Authorities.FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new NotFoundException(ErrorIds.AuthorityNotFound, $"There is no authority '{name}'.") { Target = name, Remedy = "Get-KmAuthority lists them." };

    /// <summary>The DNS services of this build; needs no store.</summary>
    public static IReadOnlyList<DnsProviderDescription> DnsServices => KeyManagerHost.DnsServices;

    /// <summary>The kinds of deployment target of this build; needs no store.</summary>
    public static IReadOnlyList<DeployKindDescription> DeployKinds => KeyManagerHost.DeployKinds;

    /// <summary>The programs that certificates can be taken over from.</summary>
    public static IReadOnlyList<ForeignToolDescription> ForeignTools => KeyManagerHost.ForeignTools;

    /// <summary>Asks an ACME server what it is; needs no store.</summary>
    public static Task<AuthorityDescription> LookAtDirectoryAsync(string directoryUrl, string? proxy, string? trustedRootPath, IReporter reporter, CancellationToken cancellationToken) =>
        KeyManagerHost.LookAtDirectoryAsync(directoryUrl, proxy, trustedRootPath, reporter, cancellationToken);

    /// <summary>Asks DNS servers for a record; needs no store.</summary>
    public static Task<IReadOnlyList<DnsRecordTest>> TestRecordAsync(
        string name, DnsRecordType type, IReadOnlyList<string> values, IReadOnlyList<string> resolvers, IReporter reporter, CancellationToken cancellationToken) =>
        KeyManagerHost.TestRecordAsync(name, type, values, resolvers, reporter, cancellationToken);

    /// <summary>Reads certificate requests; needs no store.</summary>
    public static ICertificateRequestTools RequestTools => KeyManagerHost.RequestTools;

    /// <summary>Which store a path and a scope mean; null leaves it to the environment and the defaults.</summary>
    public static StoreLocation Locate(string? path, StoreScope? scope) => KeyManagerHost.Locate(path, scope);

    /// <summary>The open store; opened, and made when there is none and <paramref name="create"/> says so.</summary>
    /// <param name="location">Which one.</param>
    /// <param name="create">Make it when there is none.</param>
    /// <param name="isNew">True when this call made it.</param>
    public static KeyManagerServices GetServices(StoreLocation location, bool create, out bool isNew)
    {
        isNew = create && !File.Exists(location.Path);
        if (isNew || !File.Exists(location.Path))
        {
            // What is open was removed behind our back, or never was.
            Close(location.Path);
        }

        return Get(location, create);
    }

    /// <summary>A store for tab completion; never made by it.</summary>
    public static KeyManagerServices PeekServices(string? path) => Get(Locate(path, null), create: false);

    /// <summary>Makes a store and keeps it open.</summary>
    public static StoreInfo Create(StoreLocation location, KeyProtectorRequest? first, byte[]? passphrase)
    {
        if (!File.Exists(location.Path))
        {
            // Removed behind our back. One that is there stays open, and unlocked: making another in its place fails.
            Close(location.Path);
        }

        KeyManagerServices services = KeyManagerHost.Create(location, first, passphrase);
        Stores[location.Path] = new Lazy<KeyManagerServices>(() => services);
        _ = Stores[location.Path].Value;
        return services.Store.GetInfo();
    }

    /// <summary>Reads a whole backup; changes nothing.</summary>
    public static void CheckBackup(string backupPath, StoreLocation location, IReporter reporter, CancellationToken cancellationToken) =>
        KeyManagerHost.Restore(backupPath, location, reporter).Check(cancellationToken);

    /// <summary>Puts a backup in the place of a store; answers where the store that was there is kept.</summary>
    public static string? Restore(string backupPath, StoreLocation location, IReporter reporter, CancellationToken cancellationToken) =>
        KeyManagerHost.Restore(backupPath, location, reporter).Run(() => Close(location.Path), cancellationToken);

    /// <summary>Examines a store and, where something can be mended and <paramref name="approve"/> agrees, mends it.</summary>
    /// <param name="location">The store.</param>
    /// <param name="open">The same store, opened; null when it does not open.</param>
    /// <param name="approve">Asked with what is to be mended; null to look only.</param>
    /// <param name="reporter">Hears how far it has come.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<IReadOnlyList<StoreCheck>> ExamineAsync(
        StoreLocation location, IStore? open, Func<IReadOnlyList<StoreCheck>, Task<bool>>? approve, IReporter reporter, CancellationToken cancellationToken)
    {
        Providers.Storage.Care.StoreCare care = KeyManagerHost.Care(location, reporter);
        IReadOnlyList<StoreCheck> checks = care.Examine(open, cancellationToken);
        List<StoreCheck> mendable = [.. checks.Where(c => c.CanRepair && c.Outcome != StoreCheckOutcome.Passed)];
        return approve is not null && mendable.Count > 0 && await approve(mendable).ConfigureAwait(false)
            ? care.Repair(checks, open, () => Close(location.Path), cancellationToken)
            : checks;
    }

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
        foreach (string path in Stores.Keys)
        {
            Close(path);
        }
    }

    private static KeyManagerServices Get(StoreLocation location, bool create)
    {
        Lazy<KeyManagerServices> entry = Stores.GetOrAdd(
            location.Path, _ => new Lazy<KeyManagerServices>(() => Open(location, create), LazyThreadSafetyMode.ExecutionAndPublication));
        try
        {
            return entry.Value;
        }
        catch
        {
            // A failure is not remembered: the next command tries again.
            Stores.TryRemove(location.Path, out _);
            throw;
        }
    }

    private static void Close(string path)
    {
        if (Stores.TryRemove(path, out Lazy<KeyManagerServices>? entry) && entry.IsValueCreated)
        {
            entry.Value.Dispose();
        }
    }
}
