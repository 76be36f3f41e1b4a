using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Files;
using KeyManager.Tests.Dns;
using KeyManager.Tests.Support.Acme;
using KeyManager.Tests.Support.SslStore;
using Xunit;

namespace KeyManager.Tests.SslStore;

/// <summary>Proofs that the fake really fetches: a file from a web server that serves what the web root solver has written, a record from a DNS server.</summary>
public sealed class SslStoreNetworkTests : SslStoreTests
{
    [Fact]
    public async Task A_file_is_fetched_octet_by_octet_and_gone_afterwards()
    {
        await Store.AddAccountAsync();
        string root = Store.Bench.File("www");
        Directory.CreateDirectory(root);
        using LoopbackHttpServer web = new(call =>
        {
            string file = Path.Combine(root, call.Target.TrimStart('/').Replace('/', Path.DirectorySeparatorChar));
            return File.Exists(file) ? new HttpAnswer(200).WithBody(File.ReadAllText(file)) : new HttpAnswer(404);
        });
        Store.Server.World = new NetworkWorld(int.Parse(web.Authority.Split(':')[1]), null);
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com") with { WebRootPath = root });
        Challenge challenge = order.Challenges.Single();
        Assert.Equal((ChallengeType.HttpFile, $"http://www.contoso.com/.well-known/pki-validation/{challenge.Token}"), (challenge.Type, challenge.Location));

        WebRootSolver solver = new(new FileWriter());
        SolverContext context = new(order, Store.Bench.Reporter, null);
        Assert.True(solver.CanSolve(order, challenge));
        await solver.PresentAsync(context, challenge, CancellationToken.None);
        string published = Path.Combine(root, ".well-known", "pki-validation", challenge.Token!);
        Assert.Equal(Encoding.ASCII.GetBytes(challenge.Value!), File.ReadAllBytes(published));
        Assert.Equal(OrderStatus.Saved, (await Store.SyncAsync(order)).Status);
        await solver.CleanUpAsync(context, challenge, CancellationToken.None);
        Assert.False(Directory.Exists(Path.Combine(root, ".well-known")));
    }

    [Fact]
    public async Task A_record_is_asked_for_and_seen_from_here_too()
    {
        await Store.AddAccountAsync();
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com"));
        Challenge challenge = order.Challenges.Single();
        string target = "elsewhere.example";
        using ScriptedDnsServer dns = new(query => query.Message.Questions[0].Type == DnsType.CName && query.Name.Equals(DnsName.Parse(challenge.Location!))
            ? query.Reply(DnsRecord.Alias(query.Name, 60, DnsName.Parse(target)))
            : query.Reply());
        ProofCheck check = new(new ValidationProbe(KeyManager.Clock.System), KeyManager.Clock.System);
        string resolver = dns.EndPoint.ToString();
        Assert.Contains("leads to 'elsewhere.example'", await check.FindProblemAsync(challenge, resolver, CancellationToken.None), StringComparison.Ordinal);
        Store.Server.World = new NetworkWorld(0, dns.EndPoint);
        Assert.Equal(OrderStatus.PendingValidation, (await Store.SyncAsync(order)).Status);

        target = challenge.Value!;
        Assert.Null(await check.FindProblemAsync(challenge, resolver, CancellationToken.None));
        Assert.Equal(OrderStatus.Saved, (await Store.SyncAsync(order)).Status);
    }

    [Theory]
    [InlineData("../evil.txt")]
    [InlineData(".hidden")]
    [InlineData("a/b.txt")]
    [InlineData("a\\b.txt")]
    public async Task A_file_name_that_leaves_the_folder_is_not_used(string token)
    {
        WebRootSolver solver = new(new FileWriter());
        CertificateOrder order = KeyManager.Tests.Support.Some.Order() with { WebRootPath = Store.Bench.Test.Folder };
        Challenge challenge = new() { Id = "1", OrderId = order.Id, DomainName = order.DomainNames[0], Type = ChallengeType.HttpFile, Token = token, Value = "x", Location = "http://x/" + token };
        await Assert.ThrowsAsync<ChallengeException>(() => solver.PresentAsync(new SolverContext(order, Store.Bench.Reporter, null), challenge, CancellationToken.None));
    }
}
