using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Acme;

/// <summary>Everything as a user has it, in front of a Pebble: the real clock, the real solvers, a store of its own. TXT records go to Pebble's DNS by a script.</summary>
public sealed class PebbleBench : IDisposable, IScriptRunner
{
    private readonly TemporaryFolder _folder = new();

    public PebbleBench(PebbleOptions? options = null)
    {
        Pebble = new PebbleServer(options);

        // A key file of its own: the usual one lies outside of any folder of a test.
        Services = KeyManagerHost.Create(
            KeyManagerHost.Locate(_folder.File("store.db"), null), new KeyProtectorRequest(KeyProtectorKind.KeyFile, Path: _folder.File("keys/store.key")), passphrase: null);
    }

    public PebbleServer Pebble { get; }

    public KeyManagerServices Services { get; }

    public CollectingReporter Reporter { get; } = new();

    /// <summary>What the script was called for.</summary>
    public List<string> ScriptCalls { get; } = [];

    public Task<AuthorityAccount> AddAccountAsync(string authority = "Acme", string name = "pebble", byte[]? eabKey = null, string? eabKeyId = null)
    {
        Dictionary<string, string> settings = new()
        {
            ["DirectoryUrl"] = Pebble.DirectoryUrl.AbsoluteUri,
            ["TrustedRootPath"] = Pebble.RootPath,
            ["Resolver"] = SolverContext.NoResolver,
        };
        if (eabKeyId is not null)
        {
            settings["EabKeyId"] = eabKeyId;
        }

        AccountRequest request = new()
        {
            Id = Identifier.New(),
            Name = name,
            Contact = ["admin@contoso.com"],
            AcceptTermsOfService = true,
            Settings = settings,
            Secrets = eabKey is null ? new Dictionary<string, byte[]>() : new Dictionary<string, byte[]> { [AccountRequest.EabKey] = System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(eabKey)) },
        };
        return Services.RegisterAccount.RunAsync(authority, request, makeDefault: true, Reporter, CancellationToken.None);
    }

    /// <summary>An order whose files are answered on the port that Pebble looks at.</summary>
    public OrderRequest ByFile(params string[] names) => For(names) with { ChallengeType = ChallengeType.Http01, ListenAddress = Loopback(Pebble.HttpPort) };

    public OrderRequest ByTls(params string[] names) => For(names) with { ChallengeType = ChallengeType.TlsAlpn01, ListenAddress = Loopback(Pebble.TlsPort) };

    public OrderRequest ByRecord(ChallengeType type, params string[] names)
    {
        // Never run: this bench is what runs scripts.
        string script = _folder.File("dns.ps1");
        System.IO.File.WriteAllText(script, "");
        return For(names) with { ChallengeType = type, ChallengeScript = script };
    }

    /// <summary>Orders and completes, with records that DNS accounts publish.</summary>
    /// <param name="resolver">Whom to ask whether the records are there.</param>
    /// <param name="account">Name of the DNS account; null leaves the choice.</param>
    /// <param name="names">The names.</param>
    public async Task<CertificateOrder> GetByDnsAsync(string resolver, string? account, params string[] names)
    {
        CertificateOrder order = await Services.PlaceOrder.RunAsync(For(names) with { ChallengeType = ChallengeType.Dns01, DnsAccount = account }, Reporter, CancellationToken.None);
        return await Services.CompleteOrder.RunAsync(
            order.Id, new CompleteOrderOptions { Scripts = this, Timeout = TimeSpan.FromMinutes(1), Resolver = resolver }, Reporter, CancellationToken.None);
    }

    public async Task<Certificate> GetCertificateAsync(OrderRequest request)
    {
        CertificateOrder order = await Services.PlaceOrder.RunAsync(request, Reporter, CancellationToken.None);
        return Find((await CompleteAsync(order)).CertificateId!);
    }

    public Task<CertificateOrder> CompleteAsync(CertificateOrder order) =>
        Services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions { Scripts = this, Timeout = TimeSpan.FromMinutes(1) }, Reporter, CancellationToken.None);

    public Task<CertificateOrder> RenewAsync(Certificate certificate) =>
        Services.RenewCertificate.RunAsync(certificate.Id, new CompleteOrderOptions { Scripts = this, Timeout = TimeSpan.FromMinutes(1) }, Reporter, CancellationToken.None);

    public Certificate Find(string id) => Services.Store.Read(s => s.Certificates.Find(id))!;

    public IReadOnlyList<Certificate> Listed() => [.. Services.Store.Stream(new CertificateQuery())];

    Task<IReadOnlyList<string>> IScriptRunner.AskTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken) => throw new NotSupportedException();

    object? IScriptRunner.FindSession(string computerName) => null;

    Task IScriptRunner.RunTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task IScriptRunner.RunAsync(string path, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        lock (ScriptCalls)
        {
            ScriptCalls.Add($"{parameters["Action"]} {parameters["Location"]}");
            if (parameters["Action"] == "Add")
            {
                Pebble.Dns.SetTxt(parameters["Location"], parameters["Value"]);
            }
            else
            {
                Pebble.Dns.ClearTxt(parameters["Location"]);
            }
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Services.Dispose();
        Pebble.Dispose();
        _folder.Dispose();
    }

    private static OrderRequest For(string[] names) => new() { DomainNames = [.. names.Select(DomainName.Parse)] };

    private static string Loopback(int port) => string.Format(CultureInfo.InvariantCulture, "127.0.0.1:{0}", port);
}
