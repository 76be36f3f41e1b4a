using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Providers.Challenges;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>Real nginx, real sshd, real reloads, real handshakes.</summary>
public sealed class LiveDeployTests : IDisposable
{
    private readonly DeployBench _bench = new();
    private readonly List<IDisposable> _servers = [];

    public void Dispose()
    {
        foreach (IDisposable server in _servers)
        {
            server.Dispose();
        }

        _bench.Dispose();
    }

    [Theory]
    [InlineData("Local")]
    [InlineData("Ssh")]
    public async Task A_renewed_certificate_is_served_after_its_deployment_and_a_second_run_has_nothing_to_do(string kind)
    {
        (NginxServer nginx, SshServer? ssh, Certificate old) = await StartAsync(kind, "web");
        Certificate renewed = await _bench.RenewAsync(old);

        Deployment deployment = await _bench.DeployAsync(renewed, "web");

        Assert.Null(deployment.Problem);
        Assert.Equal((DeploymentStatus.Deployed, DeploymentStep.Ended, true), (deployment.Status, deployment.Step, deployment.IsChanged));
        Assert.Equal(renewed.SerialNumber, await _bench.ServedAsync(nginx.Port));
        Assert.Equal("600", DeployBench.Mode(nginx.Key));
        Assert.Equal(2, deployment.Files.Count(f => f.PreviousPath is not null && File.Exists(f.PreviousPath)));
        Assert.DoesNotContain(Directory.GetFiles(nginx.Folder), f => f.EndsWith(".new", StringComparison.Ordinal));
        DateTime written = File.GetLastWriteTimeUtc(nginx.Key);

        Deployment again = await _bench.DeployAsync(renewed, "web");

        Assert.Equal((DeploymentStatus.Deployed, false, deployment.Id), (again.Status, again.IsChanged, again.Id));
        Assert.Equal(written, File.GetLastWriteTimeUtc(nginx.Key));
        Assert.Equal(ssh is null ? 0 : 2, ssh?.Accepted ?? 0); // one connection for each run
        Assert.Contains(_bench.Bench.Audit(), line => line.Action == "CertificateDeployed");
    }

    [Fact]
    public async Task A_client_that_connects_all_the_time_never_sees_a_failure_while_deployments_succeed_and_are_rolled_back()
    {
        (NginxServer nginx, SshServer? _, Certificate certificate) = await StartAsync("Ssh", "web");
        using CancellationTokenSource over = new();
        HashSet<string> seen = [];
        Task<int> watching = Task.Run(async () =>
        {
            int handshakes = 0;
            while (!over.IsCancellationRequested)
            {
                seen.Add(await _bench.ServedAsync(nginx.Port)); // throws when it is refused
                handshakes++;
                await Task.Delay(5); // leaves something of the machine to those who are watched
            }

            return handshakes;
        });
        List<string> good = [certificate.SerialNumber];
        certificate = await _bench.RenewAsync(certificate);
        good.Add(certificate.SerialNumber);
        Assert.Equal(DeploymentStatus.Deployed, (await _bench.DeployAsync(certificate, "web")).Status);

        // The service does not take it: what is reloaded is nothing.
        _bench.Change("web", ("ReloadCommand", "true"), ("ProofSeconds", "1"));
        Certificate unserved = await _bench.RenewAsync(certificate);
        Deployment back = await _bench.DeployAsync(unserved, "web");
        Assert.Equal((DeploymentStatus.RolledBack, "KmCertificateNotServed"), (back.Status, back.ErrorId));

        // The reload fails after the files were switched.
        _bench.Change("web", ("ReloadCommand", nginx.Reload + "; exit 3"), ("ProofSeconds", "10"));
        back = await _bench.DeployAsync(unserved, "web");
        Assert.Equal((DeploymentStatus.Failed, "KmRollbackFailed"), (back.Status, back.ErrorId)); // the way back needs the same command

        _bench.Change("web", ("ReloadCommand", nginx.Reload));
        Certificate last = await _bench.RenewAsync(unserved);
        good.Add(last.SerialNumber);
        good.Add(unserved.SerialNumber);
        Deployment mended = await _bench.DeployAsync(last, "web");
        Assert.Equal((DeploymentStatus.Deployed, null), (mended.Status, mended.Problem));
        over.Cancel();
        Assert.InRange(await watching, 10, int.MaxValue);
        Assert.Subset(good.ToHashSet(), seen);
        Assert.Equal(last.SerialNumber, await _bench.ServedAsync(nginx.Port));
    }

    [Theory]
    [InlineData("Local", "false", null, "KmConfigurationTestFailed")]
    [InlineData("Ssh", "echo broken >&2; exit 7", null, "KmConfigurationTestFailed")]
    [InlineData("Local", null, "true", "KmCertificateNotServed")]
    [InlineData("Ssh", null, "true", "KmCertificateNotServed")]
    public async Task What_the_service_does_not_take_is_rolled_back_and_the_old_is_served(string kind, string? test, string? reload, string errorId)
    {
        (NginxServer nginx, SshServer? _, Certificate old) = await StartAsync(kind, "web");
        byte[] before = File.ReadAllBytes(nginx.Key);
        _bench.Change("web", ("TestCommand", test ?? nginx.Test), ("ReloadCommand", reload ?? nginx.Reload), ("ProofSeconds", "1"));

        Deployment deployment = await _bench.DeployAsync(await _bench.RenewAsync(old), "web");

        Assert.Equal((DeploymentStatus.RolledBack, DeploymentStep.Ended, errorId), (deployment.Status, deployment.Step, deployment.ErrorId));
        Assert.NotNull(deployment.Remedy);
        Assert.Equal(before, File.ReadAllBytes(nginx.Key));
        Assert.Equal(old.SerialNumber, await _bench.ServedAsync(nginx.Port));
        Assert.Empty(Directory.GetFiles(nginx.Folder, ".site*"));
        Assert.Contains(_bench.Bench.Audit(), line => line.Action == "DeploymentRolledBack" && !line.Succeeded);
    }

    [Fact]
    public async Task Whom_is_not_known_or_not_let_in_is_told_before_anything_is_changed()
    {
        (NginxServer nginx, SshServer? ssh, Certificate old) = await StartAsync("Ssh", "web");
        Certificate renewed = await _bench.RenewAsync(old);
        string empty = _bench.Bench.File("none-known");
        File.WriteAllText(empty, "");

        _bench.Change("web", ("HostKey", ""), ("KnownHostsPath", empty));
        Assert.Equal((DeploymentStatus.Failed, "KmHostKeyUnknown"), Outcome(await _bench.DeployAsync(renewed, "web")));
        _bench.Change("web", ("HostKey", File.ReadAllText(ssh!.StrangerKeyPath + ".pub").Trim()));
        Assert.Equal((DeploymentStatus.Failed, "KmHostKeyChanged"), Outcome(await _bench.DeployAsync(renewed, "web")));
        _bench.Change("web", ("HostKey", ssh.HostKey), ("KeyPath", ssh.StrangerKeyPath));
        Assert.Equal((DeploymentStatus.Failed, "KmTargetCredentialRejected"), Outcome(await _bench.DeployAsync(renewed, "web")));
        _bench.Change("web", ("KeyPath", ssh.KeyPath), ("Port", Daemon.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal((DeploymentStatus.Failed, "KmTargetUnreachable"), Outcome(await _bench.DeployAsync(renewed, "web")));

        Assert.Equal(old.SerialNumber, await _bench.ServedAsync(nginx.Port));
        Assert.Empty(Directory.GetFiles(nginx.Folder, ".site*"));
    }

    [Fact]
    public async Task A_passphrase_is_handed_over_and_a_wrong_password_is_told_without_it()
    {
        Certificate certificate = await _bench.GetCertificateAsync();
        SshServer ssh = Started(new SshServer(_bench.Bench.File("ssh"), "pass'phrase \"with $signs`"));
        Directory.CreateDirectory(_bench.Bench.File("out"));
        Dictionary<string, string> settings = new(ssh.Settings) { ["FullChainPath"] = _bench.Bench.File("out", "a.crt"), ["Endpoint"] = "None" };
        _bench.Add("key", "Ssh", settings, ("KeyPassphrase", "pass'phrase \"with $signs`"));
        _bench.Add("password", "Ssh", new Dictionary<string, string>(settings) { ["KeyPath"] = "" }, ("Password", "canary-4711"));

        Assert.Equal((DeploymentStatus.DeployedUnverified, null), Outcome(await _bench.DeployAsync(certificate, "key")));
        Deployment refused = await _bench.DeployAsync(certificate, "password");

        Assert.Equal((DeploymentStatus.Failed, "KmTargetCredentialRejected"), Outcome(refused));
        Assert.DoesNotContain("canary-4711", refused.Problem + string.Join("", refused.Evidence) + string.Join("", _bench.Reporter.Steps), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetTempPath(), "km-*"), d => File.Exists(Path.Combine(d, "ask")));
    }

    [Fact]
    public async Task Signs_of_a_shell_in_paths_are_signs_and_nothing_more()
    {
        Certificate certificate = await _bench.GetCertificateAsync();
        SshServer ssh = Started(new SshServer(_bench.Bench.File("ssh")));
        string trap = _bench.Bench.File("trap");
        string folder = Directory.CreateDirectory(_bench.Bench.File($"a b'c\"d $(touch {Path.GetFileName(trap)}) `touch {Path.GetFileName(trap)}`; touch {Path.GetFileName(trap)} #&|<>*")).FullName;
        foreach (string kind in new[] { "Ssh", "Local" })
        {
            Dictionary<string, string> settings = kind == "Ssh" ? new(ssh.Settings) : [];
            settings["FullChainPath"] = Path.Combine(folder, kind + " '$x.crt");
            settings["PrivateKeyPath"] = Path.Combine(folder, kind + ".key");
            settings["Owner"] = Environment.UserName;
            settings["KeyMode"] = "640";
            settings["Mode"] = "604";
            settings["Endpoint"] = "None";
            _bench.Add(kind, kind, settings);

            Deployment deployment = await _bench.DeployAsync(certificate, kind);

            Assert.Equal((DeploymentStatus.DeployedUnverified, null), Outcome(deployment));
            Assert.Equal(("640", "604"), (DeployBench.Mode(settings["PrivateKeyPath"]), DeployBench.Mode(settings["FullChainPath"])));
        }

        Assert.Empty(Directory.GetFiles(_bench.Bench.Test.Folder, "trap", SearchOption.AllDirectories));
        Assert.Throws<InvalidRequestException>(() => _bench.Change("Local", ("FullChainPath", "/tmp/a\nb")));
        Assert.Throws<InvalidRequestException>(() => _bench.Change("Ssh", ("HostName", "-oProxyCommand=touch trap")));
        Assert.Throws<InvalidRequestException>(() => _bench.Change("Ssh", ("UserName", "a;touch trap")));
        Assert.Throws<InvalidRequestException>(() => _bench.Change("Ssh", ("JumpHost", "$(touch trap)")));
        Assert.Throws<InvalidRequestException>(() => _bench.Change("Local", ("Owner", "-R root")));
    }

    [Fact]
    public async Task A_server_that_vanishes_in_the_middle_leaves_the_old_and_the_next_run_goes_on()
    {
        (NginxServer nginx, SshServer? _, Certificate old) = await StartAsync("Ssh", "web");
        Certificate renewed = await _bench.RenewAsync(old);
        _bench.Change("web", ("TestCommand", "kill -9 $PPID")); // the process that holds the connection

        Deployment broken = await _bench.DeployAsync(renewed, "web");

        // It was reached again, and the old put back.
        Assert.Equal(DeploymentStatus.RolledBack, broken.Status);
        Assert.Equal("KmTargetUnreachable", broken.ErrorId);
        Assert.Equal(old.SerialNumber, await _bench.ServedAsync(nginx.Port));
        Assert.Empty(Directory.GetFiles(nginx.Folder, ".site*"));
        _bench.Change("web", ("TestCommand", nginx.Test));
        Assert.Equal((DeploymentStatus.Deployed, null), Outcome(await _bench.DeployAsync(renewed, "web")));
    }

    [Fact]
    public async Task Several_targets_are_done_side_by_side_and_one_that_fails_is_one()
    {
        (NginxServer nginx, SshServer? ssh, Certificate old) = await StartAsync("Ssh", "web");
        Certificate renewed = await _bench.RenewAsync(old);
        Dictionary<string, string> gone = DeployBench.For(nginx, ssh!.Settings);
        gone["Port"] = Daemon.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture);
        _bench.Add("gone", "Ssh", gone);
        _bench.Services.DomainMappings.Set("contoso.com", null, null, new Dictionary<string, string>(), new Dictionary<string, byte[]>(), _bench.Reporter, ["web", "gone"]);
        Assert.Throws<ConflictException>(() => _bench.Services.DeployTargets.Remove("gone", evenInUse: false));
        _bench.Add("removed", "Ssh", gone);
        _bench.Services.DomainMappings.Set("contoso.com", null, null, new Dictionary<string, string>(), new Dictionary<string, byte[]>(), _bench.Reporter, ["web", "gone", "removed"]);
        _bench.Services.DeployTargets.Remove("removed", evenInUse: true);

        IReadOnlyList<Deployment> all = await _bench.Services.DeployCertificate.RunMappedAsync(renewed.Id, new DeployOptions(), _bench.Reporter, CancellationToken.None);

        Assert.Equal(
            [("gone", DeploymentStatus.Failed, "KmTargetUnreachable"), ("removed", DeploymentStatus.Failed, "KmDeployTargetNotFound"), ("web", DeploymentStatus.Deployed, null)],
            all.OrderBy(d => d.Target).Select(d => (d.Target, d.Status, d.ErrorId)));
        Assert.Equal(renewed.SerialNumber, await _bench.ServedAsync(nginx.Port));
    }

    [Fact]
    public async Task A_trial_says_what_works_and_leaves_nothing()
    {
        (NginxServer nginx, SshServer? _, Certificate _) = await StartAsync("Ssh", "web");
        string[] before = Directory.GetFileSystemEntries(nginx.Folder);

        DeployTargetTest test = await _bench.Services.DeployTargets.TestAsync("web", _bench.Reporter, null, CancellationToken.None);

        Assert.Null(test.Problem);
        Assert.Contains(test.Evidence, line => line.Contains("can be written", StringComparison.Ordinal));
        Assert.Contains(test.Evidence, line => line.Contains("serves", StringComparison.Ordinal));
        Assert.Equal(before, Directory.GetFileSystemEntries(nginx.Folder));
        _bench.Change("web", ("FullChainPath", nginx.Folder + "/none/a.crt"));
        Assert.Equal("KmTargetRefused", (await _bench.Services.DeployTargets.TestAsync("web", _bench.Reporter, null, CancellationToken.None)).ErrorId);
    }

    [Fact]
    public async Task Uninstall_takes_away_what_was_installed_and_puts_it_back_where_the_service_needs_it()
    {
        (NginxServer nginx, SshServer? _, Certificate old) = await StartAsync("Ssh", "web");
        Certificate renewed = await _bench.RenewAsync(old);
        await _bench.DeployAsync(renewed, "web");

        DeploymentException needed = await Assert.ThrowsAsync<DeploymentException>(() => _bench.Services.DeployCertificate.RemoveAsync(renewed.Id, "web", new DeployOptions(), _bench.Reporter, CancellationToken.None));

        Assert.Equal("KmConfigurationTestFailed", needed.ErrorId);
        Assert.Equal(renewed.SerialNumber, await _bench.ServedAsync(nginx.Port));
        Assert.True(File.Exists(nginx.Key));
        _bench.Change("web", ("TestCommand", "None"), ("ReloadCommand", "None"));
        string other = Path.Combine(nginx.Folder, "other.key");
        File.WriteAllText(other, "not ours");
        Deployment removed = await _bench.Services.DeployCertificate.RemoveAsync(renewed.Id, "web", new DeployOptions(), _bench.Reporter, CancellationToken.None);
        Assert.Equal(DeploymentStatus.Removed, removed.Status);
        Assert.False(File.Exists(nginx.Key) || File.Exists(nginx.FullChain));
        Assert.Empty(Directory.GetFiles(nginx.Folder, ".site*"));
        Assert.True(File.Exists(other));
        await Assert.ThrowsAsync<NotFoundException>(() => _bench.Services.DeployCertificate.RemoveAsync(renewed.Id, "web", new DeployOptions(), _bench.Reporter, CancellationToken.None));
    }

    [Fact]
    public async Task Where_one_may_not_write_nothing_is_changed()
    {
        Assert.SkipWhen(Environment.UserName == "root", "root may write everywhere; run the tests as another user.");
        (NginxServer nginx, SshServer? _, Certificate old) = await StartAsync("Ssh", "web");
        Certificate renewed = await _bench.RenewAsync(old);
        Peers.Run("chmod", "coreutils", nginx.Folder, ["500", nginx.Folder]);
        try
        {
            Assert.Equal((DeploymentStatus.Failed, "KmTargetRightMissing"), Outcome(await _bench.DeployAsync(renewed, "web")));
            _bench.Add("local", "Local", DeployBench.For(nginx));
            Assert.Equal((DeploymentStatus.Failed, "KmTargetRightMissing"), Outcome(await _bench.DeployAsync(renewed, "local")));
            Assert.Equal(old.SerialNumber, await _bench.ServedAsync(nginx.Port));
        }
        finally
        {
            Peers.Run("chmod", "coreutils", nginx.Folder, ["700", nginx.Folder]);
        }
    }

    [Fact]
    public async Task No_key_and_no_passphrase_is_ever_on_a_command_line_or_in_a_file_of_ours()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "Command lines are looked at in /proc.");
        Certificate certificate = await _bench.GetCertificateAsync();
        SshServer ssh = Started(new SshServer(_bench.Bench.File("ssh"), "canary-4711-phrase"));
        Directory.CreateDirectory(_bench.Bench.File("out"));
        _bench.Add("web", "Ssh", new Dictionary<string, string>(ssh.Settings) { ["PrivateKeyPath"] = _bench.Bench.File("out", "a.key"), ["Owner"] = Environment.UserName, ["TestCommand"] = "sleep 0.3", ["Endpoint"] = "None" }, ("KeyPassphrase", "canary-4711-phrase"));
        using CancellationTokenSource over = new();
        List<string> leaks = [];
        Task<int> watching = Task.Run(() =>
        {
            int looks = 0;
            for (; !over.IsCancellationRequested; looks++)
            {
                foreach (string folder in Directory.GetDirectories("/proc").Where(d => char.IsDigit(d[6])))
                {
                    string line = Text(Path.Combine(folder, "cmdline"));
                    leaks.AddRange(line.Contains("canary-4711-phrase", StringComparison.Ordinal) || line.Contains("PRIVATE KEY", StringComparison.Ordinal) ? [line] : []);
                }

                foreach (string file in Directory.GetDirectories(Path.GetTempPath(), "km-*").Where(d => !d.Contains("km-test-", StringComparison.Ordinal)).SelectMany(Files))
                {
                    string text = Text(file);
                    leaks.AddRange(text.Contains("canary-4711-phrase", StringComparison.Ordinal) || text.Contains("PRIVATE KEY", StringComparison.Ordinal) ? [file] : []);
                }
            }

            return looks;
        });

        Deployment deployment = await _bench.DeployAsync(certificate, "web");
        over.Cancel();

        Assert.InRange(await watching, 1, int.MaxValue);
        Assert.Equal((DeploymentStatus.DeployedUnverified, null), Outcome(deployment));
        Assert.Empty(leaks);
    }

    [Fact]
    public async Task An_order_for_a_mapped_domain_is_proved_on_the_server_and_nothing_stays_there()
    {
        _bench.Bench.Solver.IsEnabled = false;
        _bench.Bench.Solvers.Add(store => new TargetSolver(store, new DeployKindRegistry(KeyManagerHost.NewDeployKinds(Clock.System, []))));
        SshServer ssh = Started(new SshServer(_bench.Bench.File("ssh")));
        string root = Directory.CreateDirectory(_bench.Bench.File("web root")).FullName;
        _bench.Add("web", "Ssh", new Dictionary<string, string>(ssh.Settings) { ["WebRoot"] = root, ["WebConfig"] = "True", ["Endpoint"] = "None" });
        _bench.Services.DomainMappings.Set("contoso.com", null, null, new Dictionary<string, string>(), new Dictionary<string, byte[]>(), _bench.Reporter, ["web"]);
        AbleAuthority able = _bench.Bench.Able;
        _bench.Bench.AddScripted(able);
        able.PlaceAnswer = AbleAuthority.Pending;
        List<string> files = [];
        able.SubmitAnswer = (order, _) =>
        {
            files.AddRange(Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(f => f.Substring(root.Length + 1)));
            return ScriptedAuthority.Answer(order, OrderStatus.Processing, "ready");
        };

        await _bench.Bench.PlaceAsync("www.contoso.com", "shop.contoso.com");
        CertificateOrder completed = await _bench.Bench.CompleteAsync(_bench.Bench.Orders().Single());

        Assert.Equal(OrderStatus.Saved, completed.Status);
        Assert.Equal([".well-known/acme-challenge/token0", ".well-known/acme-challenge/token1", ".well-known/acme-challenge/web.config"], files.OrderBy(f => f, StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(root));
        Assert.Equal(2, ssh.Accepted); // one connection to publish all, one to take all away

        // The authority refuses, and the files go all the same.
        able.SubmitAnswer = (order, _) => ScriptedAuthority.Answer(order, OrderStatus.Failed, "invalid");
        CertificateOrder refused = await _bench.Bench.PlaceAsync("mail.contoso.com");
        await Assert.ThrowsAsync<ChallengeException>(() => _bench.Bench.CompleteAsync(refused));
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public async Task So_many_earlier_versions_are_kept_as_the_target_says()
    {
        (NginxServer nginx, SshServer? _, Certificate certificate) = await StartAsync("Local", "web");
        _bench.Change("web", ("KeepVersions", "2"));
        for (int i = 0; i < 4; i++)
        {
            certificate = await _bench.RenewAsync(certificate);
            Assert.Equal((DeploymentStatus.Deployed, null), Outcome(await _bench.DeployAsync(certificate, "web")));
        }

        Assert.Equal(2, Directory.GetFiles(nginx.Folder, ".site.key.*.old").Length);
        Assert.Equal(2, Directory.GetFiles(nginx.Folder, ".site.crt.*.old").Length);
    }

    [Fact]
    public async Task What_a_service_really_serves_is_held_against_the_inventory()
    {
        (NginxServer nginx, SshServer? _, Certificate old) = await StartAsync("Local", "web");
        Endpoint endpoint = new("127.0.0.1", nginx.Port);
        CertificateTest good = Assert.Single(await _bench.Services.TestCertificate.RunAsync([endpoint], null, null, CancellationToken.None));
        Assert.Equal((true, old.Name, old.SerialNumber, 1), (good.IsServed, good.Name, good.ServedSerialNumber, good.ServedVersion));

        Certificate renewed = await _bench.RenewAsync(old);
        CertificateTest late = Assert.Single(await _bench.Services.TestCertificate.RunAsync([endpoint], renewed, null, CancellationToken.None));
        Assert.Contains("still serves version 1", late.Problem, StringComparison.Ordinal);
        CertificateTest none = Assert.Single(await _bench.Services.TestCertificate.RunAsync([new Endpoint("127.0.0.1", Daemon.FreePort())], renewed, null, CancellationToken.None));
        Assert.False(none.IsServed);
    }

    private static (DeploymentStatus Status, string? ErrorId) Outcome(Deployment deployment) => (deployment.Status, deployment.ErrorId);

    private async Task<(NginxServer Nginx, SshServer? Ssh, Certificate Certificate)> StartAsync(string kind, string target)
    {
        Certificate certificate = await _bench.GetCertificateAsync();
        NginxServer nginx = Started(new NginxServer(_bench.Bench.File("nginx"), server => _bench.WriteByHand(certificate, server.FullChain, server.Key)));
        SshServer? ssh = kind == "Ssh" ? Started(new SshServer(_bench.Bench.File("ssh"))) : null;
        _bench.Add(target, kind, DeployBench.For(nginx, ssh?.Settings));
        return (nginx, ssh, certificate);
    }

    // What ends while it is looked at is no leak.
    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string[] Files(string folder)
    {
        try
        {
            return Directory.GetFiles(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private T Started<T>(T server)
        where T : IDisposable
    {
        _servers.Add(server);
        return server;
    }
}
