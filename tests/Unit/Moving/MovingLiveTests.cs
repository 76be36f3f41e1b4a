#if NET // Mono's TLS trusts no roots but those of the machine
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Acme;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Moving;

/// <summary>The real programs order from a Pebble, and what they leave is taken over, rehearsed and renewed.</summary>
public sealed class MovingLiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_certbot_manages_is_renewed_from_here()
    {
        Peers.Require("certbot", "certbot");
        using PebbleBench bench = new();
        Run(bench, "certbot",
        [
            "certonly", "--standalone", "--http-01-address", "127.0.0.1", "--http-01-port", Port(bench), "-d", "www.contoso.test", "-d", "contoso.test", "--reuse-key", "--key-type", "ecdsa", "--deploy-hook", "true",
            "--config-dir", _folder.Path, "--work-dir", _folder.File("work"), "--logs-dir", _folder.File("logs"), "--server", bench.Pebble.DirectoryUrl.AbsoluteUri, "-n", "--agree-tos", "-m", "ops@contoso.test",
        ]);
        Certificate renewed = await MoveAsync(bench, "certbot", "www.contoso.test", null);
        Assert.Equal(["contoso.test", "www.contoso.test"], renewed.DomainNames.Select(n => n.Ascii).OrderBy(n => n, StringComparer.Ordinal));
        Certificate first = bench.Services.Inventory.History(renewed.Id).Single(c => c.Version == 1);
        Assert.Equal(first.PrivateKeyId, renewed.PrivateKeyId);
    }

    [Fact]
    public async Task What_lego_manages_is_renewed_from_here()
    {
        Peers.Require("lego", "lego");
        using PebbleBench bench = new();
        Run(bench, "lego",
        [
            "--accept-tos", "--server", bench.Pebble.DirectoryUrl.AbsoluteUri, "--email", "ops@contoso.test", "--path", _folder.Path,
            "--http", "--http.port", "127.0.0.1:" + Port(bench), "-d", "shop.contoso.test", "run",
        ]);
        Certificate renewed = await MoveAsync(bench, "lego", "shop.contoso.test", "127.0.0.1:" + Port(bench));
        Assert.Equal("shop.contoso.test", renewed.DomainNames.Single().Ascii);
    }

    /// <summary>Takes over, rehearses, renews; the other program's files stay as they are.</summary>
    private async Task<Certificate> MoveAsync(PebbleBench bench, string tool, string name, string? listenAddress)
    {
        string before = new CertbotFolder(_folder.Path).Everything();
        List<MigrationResult> results = [];
        MigrationOptions options = new()
        {
            Tool = tool,
            Folder = _folder.Path,
            DirectoryUrl = bench.Pebble.DirectoryUrl.AbsoluteUri,
            AccountSettings = new Dictionary<string, string> { ["TrustedRootPath"] = bench.Pebble.RootPath, ["Resolver"] = SolverContext.NoResolver },
        };
        await bench.Services.MigrateFrom.RunAsync(
            options,
            result =>
            {
                results.Add(result);
                return Task.CompletedTask;
            },
            bench.Reporter,
            CancellationToken.None);
        Assert.DoesNotContain(results, r => r.Outcome == MigrationOutcome.Failed);
        Assert.Equal(before, new CertbotFolder(_folder.Path).Everything());
        Certificate taken = bench.Find(results.Single(r => r.Kind == MigrationKind.Certificate).CertificateId!);
        Assert.Equal(name, taken.Name);
        if (listenAddress is not null)
        {
            bench.Services.ChangeOrder.Run(taken.OrderId!, new OrderChange { ListenAddress = listenAddress });
        }

        CompleteOrderOptions wait = new() { Timeout = TimeSpan.FromMinutes(1) };
        RenewalTest rehearsed = await bench.Services.ExplainRenewal.RehearseAsync(taken.Id, results.Single(r => r.Kind == MigrationKind.Account).Name, wait, bench.Reporter, CancellationToken.None);
        Assert.True(rehearsed.Severity == PreflightSeverity.Information, rehearsed.Message);
        Assert.Single(bench.Services.Store.Stream(new OrderQuery()));
        CertificateOrder renewal = await bench.RenewAsync(taken);
        return bench.Find(renewal.CertificateId!);
    }

    private static string Port(PebbleBench bench) => bench.Pebble.HttpPort.ToString(CultureInfo.InvariantCulture);

    /// <summary>Runs the other program until it succeeds, five times at most: it asks once more after a refused nonce and gives up after two, and Pebble refuses some.</summary>
    private void Run(PebbleBench bench, string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["REQUESTS_CA_BUNDLE"] = bench.Pebble.RootPath;
        start.Environment["LEGO_CA_CERTIFICATES"] = bench.Pebble.RootPath;
        StringBuilder said = new();
        for (int left = 5; left > 0; left--)
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
            Assert.True(process.WaitForExit(60_000), $"{program} did not end.");
            if (process.ExitCode == 0)
            {
                return;
            }

            said.AppendLine(output.Result).AppendLine(errors.Result);
        }

        Assert.Fail(said.ToString());
    }
}
#endif
