using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Dns;
using KeyManager.Moving;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Storage;
using KeyManager.Tests.Acme;
using KeyManager.Tests.Support;

namespace KeyManager.Tests.Moving;

/// <summary>What tests of moves have in common: a strict ACME server that knows an account, the key of that account, and a store without it.</summary>
public abstract class MigrationTests : IDisposable
{
    protected MigrationTests() => Acme.Bench.Adjust = ports => ports with
    {
        ForeignTools = new ForeignToolRegistry(KeyManagerHost.NewForeignTools()),
        DnsProviders = new DnsProviderRegistry(KeyManagerHost.NewDnsProviders()),
    };

    protected AcmeBench Acme { get; } = new();

    protected IStore Store => Acme.Bench.Store;

    private protected CertbotFolder Certbot => new(Acme.Bench.File("letsencrypt"));

    public void Dispose()
    {
        Acme.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The key of an account that the server knows and the store does not, as a JSON Web Key.</summary>
    protected async Task<byte[]> NewAccountKeyAsync()
    {
        AuthorityAccount account = await Acme.AddAccountAsync("there-" + Identifier.New());
        string path = Acme.Bench.File(account.Name + ".json");
        Acme.Services.AccountKeys.Export(account.Id, path, AccountKeyFormat.Jwk, null, overwrite: false);
        Acme.Services.ChangeAccount.Remove(account.Id, Acme.Bench.Reporter);
        return File.ReadAllBytes(path);
    }

    protected async Task<IReadOnlyList<MigrationResult>> RunAsync(MigrationOptions options)
    {
        List<MigrationResult> results = [];
        await Acme.Services.MigrateFrom.RunAsync(
            options,
            result =>
            {
                results.Add(result);
                return Task.CompletedTask;
            },
            Acme.Bench.Reporter,
            CancellationToken.None);
        return results;
    }

    private protected MigrationOptions From(CertbotFolder folder) => new() { Tool = "certbot", Folder = folder.Path };

    protected Certificate Current(string name) => Store.Read(s => s.Certificates.FindCurrent(name))!;

    protected CertificateOrder OrderOf(string name) => Store.Read(s => s.Orders.Find(s.Certificates.FindCurrent(name)!.OrderId!))!;
}
