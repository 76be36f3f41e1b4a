using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Providers.Authorities.Acme;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Acme;

/// <summary>A bench whose authority is a strict ACME server, which looks for proofs where the bench publishes them.</summary>
public sealed class AcmeBench : IDisposable
{
    private readonly List<AcmeSessions> _sessions = [];

    public AcmeBench()
    {
        Server = new StrictAcmeServer(Bench.Clock);
        _sessions.Add(new AcmeSessions(Bench.Clock));
        Bench.More.AddRange(AcmePresets.All.Select(preset => (Func<KeyManager.Storage.IStore, ICertificateAuthority>)(store =>
            new AcmeAuthority(preset, _sessions[^1], store, Bench.Clock, Bench.Keys, Bench.Certificates))));
        Server.Validate = Look;
    }

    public TestBench Bench { get; } = new();

    public StrictAcmeServer Server { get; }

    public KeyManagerServices Services => Bench.Services;

    /// <summary>An account with the server.</summary>
    public Task<AuthorityAccount> AddAccountAsync(string name = "acme", string authority = "Acme", params (string Name, string Value)[] settings) =>
        RegisterAsync(Request(name, settings), authority);

    public AccountRequest Request(string name = "acme", params (string Name, string Value)[] settings) => new()
    {
        Id = Identifier.New(),
        Name = name,
        Contact = ["admin@contoso.com"],
        AcceptTermsOfService = true,
        Settings = settings.Append((Name: "DirectoryUrl", Value: Server.Directory.AbsoluteUri)).ToDictionary(s => s.Name, s => s.Value),
    };

    public Task<AuthorityAccount> RegisterAsync(AccountRequest request, string authority = "Acme") =>
        Services.RegisterAccount.RunAsync(authority, request, makeDefault: true, Bench.Reporter, CancellationToken.None);

    public static OrderRequest For(params string[] names) => new() { DomainNames = [.. names.Select(DomainName.Parse)] };

    /// <summary>What another process sees and does, with connections of its own.</summary>
    public KeyManagerServices NewProcess()
    {
        _sessions.Add(new AcmeSessions(Bench.Clock));
        return Bench.AnotherProcess();
    }

    /// <summary>Every request that the server got kept to the rules.</summary>
    public void AssertNoViolations() => Assert.Empty(Server.Violations);

    public void Dispose()
    {
        _sessions.ForEach(s => s.Dispose());
        Server.Dispose();
        Bench.Dispose();
    }

    private string? Look(AcmeValidation wanted)
    {
        switch (wanted.Type)
        {
            case "http-01":
                return Bench.Probe.Files.TryGetValue(wanted.FileUrl.OriginalString, out string? file)
                    ? file == wanted.KeyAuthorization ? null : $"the file holds '{file}'"
                    : $"connection: there is nothing at {wanted.FileUrl}";
            case "dns-01":
                return Bench.Probe.TextRecords.TryGetValue(wanted.RecordName, out List<string>? values) && values.Contains(wanted.RecordValue) ? null : $"dns: no TXT record at {wanted.RecordName}";
            default:
                return null;
        }
    }
}
