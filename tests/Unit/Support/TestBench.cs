using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Dns;
using KeyManager.Notifications;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Providers.Authorities.Local;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Files;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Keystores;
using KeyManager.Providers.Secrets;
using KeyManager.Providers.Storage;
using KeyManager.Scheduling;
using KeyManager.Storage;

namespace KeyManager.Tests.Support;

/// <summary>Everything put together over a real store, with a clock, a world and a solver that the test controls.</summary>
public sealed class TestBench : IDisposable
{
    private readonly List<IStore> _others = [];
    private KeyManagerServices? _services;

    public TestBench()
    {
        Store = new ObservedStore(Test.Store);
        Solver = new FakeSolver(Probe);
        Plain = new ScriptedAuthority(Clock);
        Able = new AbleAuthority(Clock);
        Clock.SkipsDelays = true;
    }

    public TestStore Test { get; } = new();

    public ObservedStore Store { get; }

    public FakeClock Clock => Test.Clock;

    /// <summary>Who runs the process.</summary>
    public static FakeRights Rights { get; } = new();

    public FakeProbe Probe { get; } = new();

    public FakeSolver Solver { get; }

    public CollectingReporter Reporter { get; } = new();

    public KeyTools Keys { get; } = new();

    public CertificateTools Certificates { get; } = new();

    public CertificateRequestTools Requests { get; } = new();

    /// <summary>An authority without any ability.</summary>
    public ScriptedAuthority Plain { get; }

    /// <summary>An authority with the abilities that orders meet.</summary>
    public AbleAuthority Able { get; }

    public KeyManagerServices Services => _services ??= Compose(Store);

    public LocalAuthority Local => (LocalAuthority)Services.Authorities.Get("Local");

    /// <summary>Where revocation lists go.</summary>
    public string CrlFolder => Test.Folder;

    public string File(params string[] parts) => Path.Combine([Test.Folder, .. parts]);

    /// <summary>What another process sees and does.</summary>
    public KeyManagerServices AnotherProcess()
    {
        IStore store = Test.Open();
        _others.Add(store);
        return Compose(store);
    }

    /// <summary>The DNS services.</summary>
    public DnsProviderRegistry DnsProviders { get; set; } = new([]);

    /// <summary>What delivers notices.</summary>
    public IReadOnlyList<INotificationSender> Notifications { get; set; } = [];

    /// <summary>Reads what authorities publish about revoked certificates.</summary>
    public IRevocationCheck? Revocation { get; set; }

    /// <summary>The schedulers of the machine.</summary>
    public IReadOnlyList<IRenewalScheduler> Schedulers { get; set; } = [];

    /// <summary>Solvers beside the fake one, which goes first only where they cannot.</summary>
    public List<Func<IStore, IChallengeSolver>> Solvers { get; } = [];

    /// <summary>Further authorities, made for each process.</summary>
    public List<Func<IStore, ICertificateAuthority>> More { get; } = [];

    /// <summary>The last word on the ports.</summary>
    public Func<KeyManagerPorts, KeyManagerPorts> Adjust { get; set; } = ports => ports;

    /// <summary>The real kinds of deployment target; to be called first.</summary>
    public void UseTargets() => Adjust = ports => ports with { DeployKinds = new DeployKindRegistry(KeyManagerHost.NewDeployKinds(Clock, ports.KeystoreFormats)) };

    /// <summary>A target in a folder of the test, to which a domain is mapped. The folder is not there yet.</summary>
    public string AddTarget(string name, string domain)
    {
        string folder = File("tls-" + name);
        Dictionary<string, string> settings = new() { ["FullChainPath"] = Path.Combine(folder, "{name}.crt"), ["PrivateKeyPath"] = Path.Combine(folder, "{name}.key") };
        Services.DeployTargets.Add(new DeployTargetRequest { Name = name, Kind = "Local", Settings = settings }, Reporter);
        Services.DomainMappings.Set(domain, null, null, new Dictionary<string, string>(), new Dictionary<string, byte[]>(), Reporter, [name]);
        return folder;
    }

    public KeyManagerServices Compose(IStore store) =>
        Compose(
            store, Clock, Probe, [.. Solvers.Select(make => make(store)), Solver, new MailSolver()], DnsProviders, CrlFolder, [Plain, Able, .. More.Select(make => make(store))],
            ports => Adjust(ports with { Notifications = Notifications, Schedulers = Schedulers, Revocation = Revocation }));

    public static KeyManagerServices Compose(
        IStore store, Clock clock, IValidationProbe probe, IChallengeSolver solver, string crlFolder, params ICertificateAuthority[] others) =>
        Compose(store, clock, probe, [solver], new DnsProviderRegistry([]), crlFolder, others);

    private static KeyManagerServices Compose(
        IStore store, Clock clock, IValidationProbe probe, IReadOnlyList<IChallengeSolver> solvers, DnsProviderRegistry providers, string crlFolder, ICertificateAuthority[] others,
        Func<KeyManagerPorts, KeyManagerPorts>? adjust = null)
    {
        FileWriter files = new();
        KeyTools keys = new();
        CertificateTools certificates = new();
        CertificateRequestTools requests = new();
        IReadOnlyList<IKeystoreFormat> formats = [new Pkcs12Format(), new JksFormat(clock), new PemFormat(keys, certificates)];
        KeyManagerPorts ports = new()
        {
            Store = store,
            Clock = clock,
            Authorities = new AuthorityRegistry([new LocalAuthority(store, clock, keys, requests, probe, files, crlFolder), .. others]),
            Keys = keys,
            Requests = requests,
            Certificates = certificates,
            KeystoreFormats = formats,
            KeystoreReader = new KeystoreReader(formats, keys, certificates),
            Solvers = solvers,
            Proofs = new ProofCheck(probe, clock),
            DnsProviders = providers,
            Parts = new PartsFiles(clock, new StoreOptions { PassphraseCost = Argon2Cost.Least }),
            Rights = Rights,
            Files = files,
        };
        return new KeyManagerServices(adjust is null ? ports : adjust(ports));
    }

    /// <summary>A private authority.</summary>
    public Task<AuthorityAccount> AddAccountAsync(string name = "private", params (string Name, string Value)[] settings) =>
        Services.RegisterAccount.RunAsync(
            "Local",
            new AccountRequest { Id = Identifier.New(), Name = name, Settings = settings.ToDictionary(s => s.Name, s => s.Value) },
            makeDefault: false,
            Reporter,
            CancellationToken.None);

    /// <summary>An account with a scripted authority, the default from then on.</summary>
    public AuthorityAccount AddScripted(ScriptedAuthority authority, string name = "scripted") => Store.Write(session =>
    {
        AuthorityAccount account = Some.Account(name) with { Authority = authority.Description.Name };
        session.Accounts.Add(account);
        session.Accounts.MakeDefault(account.Id);
        return account;
    });

    public AuthorityContext Context(AuthorityAccount account) => new(
        Store.Read(s => s.Accounts.Find(account.Id))!, name => Store.Read(s => s.Secrets.Get(SecretRef.Account(account.Id, name))), Reporter);

    public Task<CertificateOrder> PlaceAsync(params string[] names) => PlaceAsync(new OrderRequest { DomainNames = [.. names.Select(DomainName.Parse)] });

    public Task<CertificateOrder> PlaceAsync(OrderRequest request) => Services.PlaceOrder.RunAsync(request, Reporter, CancellationToken.None);

    public Task<CertificateOrder> CompleteAsync(CertificateOrder order, bool save = true, CancellationToken cancellationToken = default) =>
        Services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions { Save = save }, Reporter, cancellationToken);

    /// <summary>Orders, completes and saves.</summary>
    public Task<Certificate> GetCertificateAsync(params string[] names) => GetCertificateAsync(new OrderRequest { DomainNames = [.. names.Select(DomainName.Parse)] });

    public async Task<Certificate> GetCertificateAsync(OrderRequest request)
    {
        CertificateOrder order = await CompleteAsync(await PlaceAsync(request));
        return Certificate(order.CertificateId!);
    }

    /// <summary>One run of Invoke-KmRenewal; its results in the order in which they came.</summary>
    public Task<IReadOnlyList<RenewalResult>> SweepAsync(int throttle = 4, bool force = false) => SweepAsync(Services, throttle, force);

    /// <summary>The same, by another process.</summary>
    public async Task<IReadOnlyList<RenewalResult>> SweepAsync(KeyManagerServices services, int throttle = 4, bool force = false)
    {
        List<RenewalResult> results = [];
        await services.Renewals.RunAsync(
            new RenewalSweepOptions { ThrottleLimit = throttle, Force = force },
            _ => Task.FromResult(true),
            result =>
            {
                lock (results)
                {
                    results.Add(result);
                }

                return Task.CompletedTask;
            },
            Reporter,
            CancellationToken.None);
        return results;
    }

    public Task<CertificateOrder> RenewAsync(Certificate certificate, bool save = true) =>
        Services.RenewCertificate.RunAsync(certificate.Id, new CompleteOrderOptions { Save = save }, Reporter, CancellationToken.None);

    public Certificate Certificate(string id) => Store.Read(s => s.Certificates.Find(id))!;

    public CertificateOrder Order(string id) => Store.Read(s => s.Orders.Find(id))!;

    public IReadOnlyList<CertificateOrder> Orders() => [.. Store.Stream(new OrderQuery())];

    /// <summary>What Get-KmCertificate lists.</summary>
    public IReadOnlyList<Certificate> Listed() => [.. Store.Stream(new CertificateQuery())];

    public IReadOnlyList<AuditEvent> Audit() => [.. Store.Stream((s, after) => s.Audit.Query(null, null, null, null, after, 100))];

    /// <summary>The stored key, for comparison; tests need not overwrite it.</summary>
    public KeyPair Key(string keyId) => Keys.FromPkcs8(Store.Read(s => s.Secrets.Get(SecretRef.PrivateKey(keyId)))!);

    public void Dispose()
    {
        foreach (IStore store in _others)
        {
            store.Dispose();
        }

        Test.Dispose();
    }
}
