using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.Bench.Acme;

/// <summary>A store with an account at an ACME server, and a web root for the proofs. What is measured on it is what a user has: nothing is left out.</summary>
internal sealed class AcmeStore : IDisposable
{
    private static int _names;

    private readonly TemporaryStore _store = new();
    private readonly DirectoryInfo _webRoot = Directory.CreateTempSubdirectory("km-bench-web-");

    public AcmeStore() => Services = _store.Open();

    public KeyManagerServices Services { get; private set; }

    /// <summary>A name that nobody has had.</summary>
    public static string NextName() => FormattableString.Invariant($"acme{Interlocked.Increment(ref _names):000000}.bench.test");

    public Task<AuthorityAccount> AddAccountAsync(Uri directory, string? trustedRootPath, string name = "bench")
    {
        Dictionary<string, string> settings = new() { ["DirectoryUrl"] = directory.AbsoluteUri };
        if (trustedRootPath is not null)
        {
            settings["TrustedRootPath"] = trustedRootPath;
        }

        AccountRequest request = new() { Id = Identifier.New(), Name = name, Contact = ["admin@bench.test"], AcceptTermsOfService = true, Settings = settings };
        return Services.RegisterAccount.RunAsync("Acme", request, makeDefault: true, Silence.Instance, CancellationToken.None);
    }

    /// <summary>Closes the store and opens it again, as another process would: no connection, no nonce and no directory is left.</summary>
    public void Reopen()
    {
        Services.Dispose();
        Services = _store.Open();
    }

    /// <summary>One ECDSA P-256 certificate, from the order to the inventory.</summary>
    public async Task<CertificateOrder> IssueAsync(string? account = null)
    {
        OrderRequest request = new() { DomainNames = [DomainName.Parse(NextName())], Account = account, ChallengeType = ChallengeType.Http01, WebRootPath = _webRoot.FullName };
        CertificateOrder order = await Services.PlaceOrder.RunAsync(request, Silence.Instance, CancellationToken.None).ConfigureAwait(false);
        return await Services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), Silence.Instance, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Renews everything in one sweep; answers how many were.</summary>
    public async Task<int> RenewAllAsync(int atOnce)
    {
        int renewed = 0;
        await Services.Renewals.RunAsync(
            new RenewalSweepOptions { CertificateIds = [.. Services.Store.Stream(new CertificateQuery()).Select(c => c.Id)], Force = true, ThrottleLimit = atOnce },
            _ => Task.FromResult(true),
            result =>
            {
                _ = result.Outcome == RenewalOutcome.Renewed ? Interlocked.Increment(ref renewed) : 0;
                return Task.CompletedTask;
            },
            Silence.Instance,
            CancellationToken.None).ConfigureAwait(false);
        return renewed;
    }

    public void Dispose()
    {
        Services.Dispose();
        _store.Dispose();
        _webRoot.Delete(recursive: true);
    }
}
