using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Deployments;
using KeyManager.Discovery;
using KeyManager.Dns;
using KeyManager.Hosting;
using KeyManager.Moving;
using KeyManager.Operations;
using KeyManager.Providers.Authorities.Acme;
using KeyManager.Providers.Authorities.EmSign;
using KeyManager.Providers.Authorities.Local;
using KeyManager.Providers.Authorities.SslStore;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Challenges.Listening;
using KeyManager.Providers.Deployments;
using KeyManager.Providers.Deployments.Probing;
using KeyManager.Providers.Deployments.Ssh;
using KeyManager.Providers.Deployments.Windows;
using KeyManager.Providers.Discovery;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Services;
using KeyManager.Providers.Files;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Keystores;
using KeyManager.Providers.Moving.AcmeSh;
using KeyManager.Providers.Moving.Certbot;
using KeyManager.Providers.Moving.Lego;
using KeyManager.Providers.Moving.PoshAcme;
using KeyManager.Providers.Moving.WinAcme;
using KeyManager.Providers.Notifications;
using KeyManager.Providers.Revocation;
using KeyManager.Providers.Scheduling;
using KeyManager.Providers.Storage;
using KeyManager.Providers.Storage.Care;
using KeyManager.Storage;

namespace KeyManager.Providers;

/// <summary>The composition root: the one place that knows which implementation stands behind which port.</summary>
public static class KeyManagerHost
{
    /// <summary>The authorities of this build, for callers without a store.</summary>
    public static IReadOnlyList<AuthorityDescription> Authorities { get; } =
        [.. new[] { LocalAuthority.About, SslStoreAuthority.About, EmSignAuthority.About }.Concat(AcmePresets.All.Select(p => p.Describe())).OrderBy(a => a.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Reads certificate requests, for callers without a store.</summary>
    public static ICertificateRequestTools RequestTools { get; } = new CertificateRequestTools();

    /// <summary>Asks an ACME server what it is.</summary>
    public static async Task<AuthorityDescription> LookAtDirectoryAsync(string directoryUrl, string? proxy, string? trustedRootPath, IReporter reporter, CancellationToken cancellationToken)
    {
        AcmeSettings settings = new(new Dictionary<string, string> { [AcmeSettings.ProxyName] = proxy ?? "", [AcmeSettings.TrustedRootPathName] = trustedRootPath ?? "" });
        Uri url = AcmeSettings.ParseDirectoryUrl(directoryUrl);
        using AcmeSessions sessions = new(Clock.System);
        return AcmePreset.Describe(await sessions.Get(url.Host, url, settings).GetDirectoryAsync(reporter, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The DNS services of this build, for callers without a store.</summary>
    public static IReadOnlyList<DnsProviderDescription> DnsServices { get; } =
        [.. new DnsProviderRegistry(NewDnsProviders()).All.Select(p => p.Description)];

    /// <summary>The DNS services of this build, with connections of their own.</summary>
    internal static IReadOnlyList<IDnsProvider> NewDnsProviders() => DnsProviders.Create(new HttpChannels(), Clock.System);

    /// <summary>The kinds of deployment target of this build, for callers without a store.</summary>
    public static IReadOnlyList<DeployKindDescription> DeployKinds { get; } = [.. new DeployKindRegistry(NewDeployKinds(Clock.System, [])).All.Select(k => k.Description)];

    /// <summary>The kinds of deployment target of this build.</summary>
    internal static IReadOnlyList<IDeployKind> NewDeployKinds(Clock clock, IReadOnlyList<IKeystoreFormat> formats) =>
        [new LocalKind(clock, formats), new ShareKind(clock, formats), new SshKind(clock, formats), new ScriptKind(), new WindowsKind(formats)];

    /// <summary>The programs that this build takes over from, for callers without a store.</summary>
    public static IReadOnlyList<ForeignToolDescription> ForeignTools { get; } = [.. new ForeignToolRegistry(NewForeignTools()).All.Select(t => t.Description)];

    /// <summary>Those who read what other programs keep.</summary>
    internal static IReadOnlyList<IForeignTool> NewForeignTools()
    {
        KeyTools keys = new();
        CertificateTools certificates = new();
        HostEnvironment host = HostEnvironment.Current;
        return
        [
            new CertbotTool(), new LegoTool(), new AcmeShTool(keys, certificates, host), new PoshAcmeTool(keys, certificates, host), new WinAcmeTool(new Pkcs12Format(), keys, certificates, host),
        ];
    }

    /// <summary>Those who look for certificates in this build.</summary>
    internal static IReadOnlyList<ICertificateFinder> NewFinders(Clock clock, IEndpointProbe probe, DeployKindRegistry kinds, IKeystoreReader reader, ICertificateTools certificates) =>
        [new EndpointFinder(probe), new FileFinder(clock, kinds, new CertificateFileReader(reader, certificates)), new WindowsFinder()];

    /// <summary>Asks DNS servers for a record.</summary>
    public static Task<IReadOnlyList<DnsRecordTest>> TestRecordAsync(
        string name, DnsRecordType type, IReadOnlyList<string> values, IReadOnlyList<string> resolvers, IReporter reporter, CancellationToken cancellationToken)
    {
        ZoneFinder finder = new(Clock.System);
        return new RecordSurvey(finder, new ZoneWitness(Clock.System, finder)).RunAsync(name, type, values, resolvers, reporter, cancellationToken);
    }

    // Of the process and not of a store: two open stores share the machine's port 80.
    private static ChallengeListeners Listeners { get; } = new(Clock.System);

    /// <summary>Finds out which store a path, a scope and the environment mean.</summary>
    public static StoreLocation Locate(string? path, StoreScope? scope) => new StoreLocator().Locate(path, scope);

    /// <summary>Opens a store with everything that works on it.</summary>
    /// <param name="location">Which one.</param>
    /// <param name="createIfMissing">Make it when there is none.</param>
    /// <param name="clock">The time; <c>null</c> for the machine's.</param>
    /// <param name="options">How to open or make it; <c>null</c> for the defaults.</param>
    public static KeyManagerServices Open(StoreLocation location, bool createIfMissing, Clock? clock = null, StoreOptions? options = null)
    {
        clock ??= Clock.System;
        return Compose(SqliteStore.Open(location, clock, createIfMissing, options), location, clock);
    }

    /// <summary>Makes a store.</summary>
    /// <param name="location">Where.</param>
    /// <param name="first">The first protector; <c>null</c> for the usual one of the platform.</param>
    /// <param name="passphrase">Also protect it with this passphrase, UTF-8; the caller overwrites it. <c>null</c> for none.</param>
    /// <exception cref="ConflictException">KmStoreAlreadyExists.</exception>
    public static KeyManagerServices Create(StoreLocation location, KeyProtectorRequest? first, byte[]? passphrase)
    {
        StoreOptions options = first is null ? new StoreOptions() : new StoreOptions { Protectors = [first] };
        SqliteStore store = SqliteStore.Create(location, Clock.System, options);
        try
        {
            if (passphrase is not null)
            {
                store.Protection.Add(new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: passphrase));
            }
        }
        catch
        {
            store.Dispose();
            throw;
        }

        return Compose(store, location, Clock.System);
    }

    /// <summary>Checks a backup and puts it in the place of a store.</summary>
    /// <param name="backupPath">The backup.</param>
    /// <param name="location">The store to replace.</param>
    /// <param name="reporter">Hears how far it has come.</param>
    public static StoreRestore Restore(string backupPath, StoreLocation location, IReporter reporter) => new(backupPath, location, Clock.System, reporter);

    /// <summary>Examines and mends a store, also one that no longer opens.</summary>
    /// <param name="location">The store.</param>
    /// <param name="reporter">Hears how far it has come.</param>
    public static StoreCare Care(StoreLocation location, IReporter reporter) => new(location, Clock.System, reporter);

    /// <summary>Puts everything together over an open store.</summary>
    public static KeyManagerServices Compose(IStore store, StoreLocation location, Clock clock)
    {
        KeyTools keys = new();
        CertificateTools certificates = new();
        FileWriter files = new();
        ValidationProbe probe = new(clock);
        ProofWait wait = new(probe, store, clock);
        IReadOnlyList<IKeystoreFormat> formats = [new Pkcs12Format(), new JksFormat(clock), new PemFormat(keys, certificates)];
        AcmeSessions sessions = new(clock);
        HttpChannels channels = new();
        CrlCheck revocation = new(clock);
        Programs programs = new(clock);
        WebhookSender webhooks = new(clock);
        DnsProviderRegistry providers = new(DnsProviders.Create(channels, clock));
        AliasLookup aliases = new(clock);
        DnsPlacer placer = new(store, providers, aliases);
        SslStoreConnections sslStore = new(clock);
        DeployKindRegistry deployKinds = new(NewDeployKinds(clock, formats));
        TlsProbe endpoints = new(clock);
        KeystoreReader reader = new(formats, keys, certificates);
        EmSignConnections emSign = new(clock);
        string folder = Path.GetDirectoryName(location?.Path ?? throw new ArgumentNullException(nameof(location))) ?? ".";
        KeyManagerPorts ports = new()
        {
            Store = store,
            Clock = clock,
            Authorities = new AuthorityRegistry(
            [
                new LocalAuthority(store, clock, keys, RequestTools, probe, files, folder),
                new SslStoreAuthority(sslStore, store, clock, certificates, RequestTools),
                new EmSignAuthority(emSign, store, clock, certificates, RequestTools),
                .. AcmePresets.All.Select(preset => new AcmeAuthority(preset, sessions, store, clock, keys, certificates)),
            ]),
            Keys = keys,
            Requests = RequestTools,
            Certificates = certificates,
            KeystoreFormats = formats,
            KeystoreReader = reader,
            Solvers =
            [
                new WebRootSolver(files), new HttpListenerSolver(Listeners), new TlsAlpnSolver(Listeners, clock), new ScriptSolver(wait),
                new TargetSolver(store, deployKinds), new DnsSolver(store, providers, placer, wait), new MailSolver(), new ManualSolver(wait),
            ],
            Proofs = new ProofCheck(probe, clock),
            Probe = probe,
            Preflight = new PreflightCheck(clock),
            DnsProviders = providers,
            DeployKinds = deployKinds,
            Endpoints = endpoints,
            ForeignTools = new ForeignToolRegistry(NewForeignTools()),
            Finders = NewFinders(clock, endpoints, deployKinds, reader, certificates),
            DnsAccounts = new DnsAccountCheck(placer),
            Aliases = aliases,
            Revocation = revocation,
            Notifications = [new MailSender(clock), webhooks, new ScriptSender()],
            Schedulers =
            [
                new WindowsTaskScheduler(HostEnvironment.Current),
                new SystemdScheduler(HostEnvironment.Current, programs, files, isUser: false),
                new SystemdScheduler(HostEnvironment.Current, programs, files, isUser: true),
                new CronScheduler(HostEnvironment.Current, programs),
            ],
            Parts = new PartsFiles(clock),
            Rights = HostEnvironment.Current,
            Files = files,
        };
        return new KeyManagerServices(ports, sessions, channels, sslStore, emSign, webhooks, revocation);
    }
}
