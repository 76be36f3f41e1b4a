using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Operations;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>Deployments to folders of this machine, on every system.</summary>
public sealed class DeployTests : IDisposable
{
    private readonly DeployBench _bench;
    private StoppingKind? _local;

    public DeployTests() => _bench = new DeployBench(kinds => [_local = new StoppingKind(kinds.First(k => k.Description.Name == "Local")), .. kinds.Where(k => k.Description.Name != "Local")]);

    private string Folder => Directory.CreateDirectory(_bench.Bench.File("out")).FullName;

    private string Key => Path.Combine(Folder, "www.contoso.com.key");

    private string Chain => Path.Combine(Folder, "www.contoso.com.crt");

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(DeploymentStep.Uploading)]
    [InlineData(DeploymentStep.Planned)]
    [InlineData(DeploymentStep.Switching)]
    [InlineData(DeploymentStep.Reloading)]
    public async Task What_a_killed_process_has_begun_is_taken_up_and_the_last_good_version_is_kept(DeploymentStep step)
    {
        Certificate first = await _bench.GetCertificateAsync();
        AddFolder();
        Assert.Equal(DeploymentStatus.DeployedUnverified, (await _bench.DeployAsync(first, "folder")).Status);
        byte[] good = File.ReadAllBytes(Key);
        Certificate second = await _bench.RenewAsync(first);
        _local!.StopsAfter = step;
        _ = _bench.DeployAsync(second, "folder");
        await _local.Stopped.Task;
        _local.StopsAfter = null;
        _bench.Bench.Clock.Advance(TimeSpan.FromMinutes(4)); // the lease of the dead process runs out

        // The certificate was renewed again meanwhile.
        Certificate third = await _bench.RenewAsync(second);
        Deployment deployment = await _bench.DeployAsync(third, "folder");

        Assert.Equal((DeploymentStatus.DeployedUnverified, null), (deployment.Status, deployment.Problem));
        Assert.Contains(deployment.Evidence, line => line.StartsWith("Went on after", StringComparison.Ordinal));
        Assert.Equal(_bench.Bench.Keys.ToPem(_bench.Bench.Key(third.PrivateKeyId!), null), File.ReadAllBytes(Key));
        Assert.Equal(good, File.ReadAllBytes(deployment.Files.Single(f => f.Path == Key).PreviousPath!));
        Assert.Empty(Directory.GetFiles(Folder, "*.new"));
        Assert.Equal(2, Directory.GetFiles(Folder, "*.old").Length);
        Assert.All(_bench.Services.DeployTargets.Deployments(deployment.TargetId), d => Assert.Equal(DeploymentStep.Ended, d.Step));
    }

    [Fact]
    public async Task The_same_certificate_goes_on_where_it_stood()
    {
        Certificate first = await _bench.GetCertificateAsync();
        AddFolder();
        _local!.StopsAfter = DeploymentStep.Planned;
        _ = _bench.DeployAsync(first, "folder");
        await _local.Stopped.Task;
        _local.StopsAfter = null;
        _bench.Bench.Clock.Advance(TimeSpan.FromMinutes(4));

        Deployment deployment = await _bench.DeployAsync(first, "folder");

        Assert.Equal((DeploymentStatus.DeployedUnverified, 2), (deployment.Status, deployment.Files.Count));
        Assert.Equal(2, Directory.GetFiles(Folder).Length);
        Assert.Equal(DeploymentStatus.Removed, (await RemoveAsync(first)).Status);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_full_disk_leaves_everything_as_it_was()
    {
        string disk = Directory.CreateDirectory(_bench.Bench.File("disk")).FullName;
        Assert.SkipUnless(!OperatingSystem.IsWindows() && Mount.TryTmpfs(disk, 16 * 1024), "A small file system needs root on Linux.");
        try
        {
            Certificate first = await _bench.GetCertificateAsync();
            _bench.Add("disk", "Local", new Dictionary<string, string> { ["FullChainPath"] = Path.Combine(disk, "a.crt"), ["Endpoint"] = "None" });
            await _bench.DeployAsync(first, "disk");
            byte[] before = File.ReadAllBytes(Path.Combine(disk, "a.crt"));
            int room = 16 * 1024;
            while (room > 0)
            {
                try
                {
                    File.AppendAllText(Path.Combine(disk, "filler"), new string('x', room));
                }
                catch (IOException)
                {
                    room /= 2;
                }
            }

            Deployment deployment = await _bench.DeployAsync(await _bench.RenewAsync(first), "disk");

            Assert.Equal((DeploymentStatus.Failed, "KmTargetDiskFull"), (deployment.Status, deployment.ErrorId));
            Assert.Equal(before, File.ReadAllBytes(Path.Combine(disk, "a.crt")));
            Assert.Equal(2, Directory.GetFiles(disk).Length);
        }
        finally
        {
            Mount.Remove(disk);
        }
    }

    [Fact]
    public async Task Other_entries_of_a_keystore_stay_and_keytool_reads_all()
    {
        Certificate other = await _bench.GetCertificateAsync("other.contoso.com");
        Certificate first = await _bench.GetCertificateAsync();
        foreach (KeystoreType type in new[] { KeystoreType.Jks, KeystoreType.Pkcs12 })
        {
            string path = Path.Combine(Folder, $"store.{type}");
            IKeystoreFormat format = type == KeystoreType.Jks ? new JksFormat(Clock.System) : new Pkcs12Format();
            File.WriteAllBytes(path, format.Write([new KeystoreEntry { Alias = "other", Key = _bench.Bench.Key(other.PrivateKeyId!), Certificates = [other.RawData] }], new KeystoreOptions { Password = "changeit" }));
            _bench.Add("java-" + type, "Local", new Dictionary<string, string> { ["KeystorePath"] = path, ["KeystoreAlias"] = "tomcat", ["Endpoint"] = "None" }, ("KeystorePassword", "changeit"));

            Assert.Equal((DeploymentStatus.DeployedUnverified, null), Outcome(await _bench.DeployAsync(first, "java-" + type)));
            Assert.False((await _bench.DeployAsync(first, "java-" + type)).IsChanged);
            Certificate renewed = await _bench.RenewAsync(first);
            Assert.Equal((DeploymentStatus.DeployedUnverified, null), Outcome(await _bench.DeployAsync(renewed, "java-" + type)));
            string listed = Peers.Keytool(Folder, "-list", "-v", "-keystore", path, "-storepass", "changeit");
            Assert.Contains("Your keystore contains 2 entries", listed, StringComparison.Ordinal);
            Assert.Contains("Alias name: tomcat", listed, StringComparison.Ordinal);
            await _bench.Services.DeployCertificate.RemoveAsync(renewed.Id, "java-" + type, new DeployOptions(), _bench.Reporter, CancellationToken.None);
            KeystoreEntry left = Assert.Single(format.Read(File.ReadAllBytes(path), "changeit", "store"));
            Assert.Equal("other", left.Alias);
            left.Key?.Dispose();
            first = renewed;
        }

        _bench.Services.DeployTargets.Update("java-Jks", new Dictionary<string, string>(), new Dictionary<string, byte[]> { ["KeystorePassword"] = Encoding.UTF8.GetBytes("wrong-4711") }, _bench.Reporter);
        Deployment refused = await _bench.DeployAsync(first, "java-Jks");
        Assert.Equal((DeploymentStatus.Failed, "KmWrongPassword"), Outcome(refused));
        Assert.DoesNotContain("wrong-4711", refused.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_gets_the_certificate_and_the_key_and_rolls_back()
    {
        Certificate certificate = await _bench.GetCertificateAsync();
        string script = _bench.Bench.File("deploy.ps1");
        File.WriteAllText(script, "param()");
        _bench.Add("script", "Script", new Dictionary<string, string> { ["ScriptPath"] = script, ["Endpoint"] = "127.0.0.1:" + Daemon.FreePort(), ["ProofSeconds"] = "1" });
        Runner runner = new();

        Deployment deployment = await DeployAsync(certificate, "script", runner);

        // Nobody answered there before either.
        Assert.Equal(DeploymentStatus.DeployedUnverified, deployment.Status);
        Assert.Equal(["Install"], runner.Actions);
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", runner.Key, StringComparison.Ordinal);
        Assert.False((await DeployAsync(certificate, "script", runner)).IsChanged);

        runner.Problem = "Install";
        Certificate renewed = await _bench.RenewAsync(certificate);
        deployment = await DeployAsync(renewed, "script", runner);
        Assert.Equal((DeploymentStatus.RolledBack, "KmScriptFailed"), Outcome(deployment));
        Assert.Equal(["Install", "Install", "Rollback"], runner.Actions);
    }

    [Fact]
    public async Task A_script_block_is_run_as_its_text()
    {
        const string Text = "param($Action, $Certificate, $FullChain, $PrivateKey, $Target)\n'ok'";
        Certificate certificate = await _bench.GetCertificateAsync();
        _bench.Add("block", "Script", new Dictionary<string, string> { ["Script"] = Text, ["Endpoint"] = "None" });
        Runner runner = new();
        Assert.Contains("script block of block", string.Join(" ", _bench.Services.DeployCertificate.Plan(certificate.Id, "block").Steps), StringComparison.Ordinal);
        Assert.Equal(DeploymentStatus.DeployedUnverified, (await DeployAsync(certificate, "block", runner)).Status);
        Assert.Equal(("The script block of block", Text), (runner.Runs.Single().Name, runner.Runs.Single().Text));
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", runner.Key, StringComparison.Ordinal);

        InvalidRequestException both = Assert.Throws<InvalidRequestException>(() => _bench.Change("block", ("ScriptPath", "/tmp/a.ps1")));
        Assert.Contains("only one", both.Message, StringComparison.Ordinal);
        InvalidRequestException none = Assert.Throws<InvalidRequestException>(() => _bench.Change("block", ("Script", "")));
        Assert.Contains("-Script {", none.Remedy, StringComparison.Ordinal);
        string file = _bench.Bench.File("deploy.ps1");
        File.WriteAllText(file, "param()");
        _bench.Change("block", ("Script", ""), ("ScriptPath", file));
    }

    [Fact]
    public async Task A_session_that_the_user_has_opened_goes_before_user_and_password()
    {
        Certificate certificate = await _bench.GetCertificateAsync();
        foreach (string name in new[] { "iis01", "iis02" })
        {
            _bench.Add(name, "Windows", new Dictionary<string, string> { ["ComputerName"] = name, ["UserName"] = "admin", ["Endpoint"] = "None" }, ("Password", "secret"));
        }

        Runner runner = new() { SessionTo = "iis01" };
        Assert.Equal(DeploymentStatus.DeployedUnverified, (await DeployAsync(certificate, "iis01", runner)).Status);
        Assert.Equal(DeploymentStatus.DeployedUnverified, (await DeployAsync(certificate, "iis02", runner)).Status);
        Assert.Equal(["Look", "Install", "Look", "Install"], runner.Actions);
        Assert.All(runner.Runs.Take(2), run => Assert.Same(runner.Session, run.Parameters["Session"]));
        Assert.All(runner.Runs.Take(2), run => Assert.False(run.Parameters.ContainsKey("Credential")));
        Assert.All(runner.Runs.Skip(2), run => Assert.False(run.Parameters.ContainsKey("Session")));
        Assert.All(runner.Runs.Skip(2), run => Assert.Equal("admin", ((ScriptSecret)run.Parameters["Credential"]).UserName));
    }

    [Theory]
    [InlineData(true, "KmTargetUnreachable")]
    [InlineData(false, "KmScriptFailed")]
    public async Task A_computer_that_cannot_be_reached_is_told_before_anything_is_begun(bool isTransient, string errorId)
    {
        Certificate certificate = await _bench.GetCertificateAsync();
        _bench.Add("iis01", "Windows", new Dictionary<string, string> { ["ComputerName"] = "iis01.contoso.com", ["Endpoint"] = "None" });
        Runner runner = new() { Problem = "Look", IsTransient = isTransient };
        Deployment failed = await DeployAsync(certificate, "iis01", runner);
        Assert.Equal((DeploymentStatus.Failed, errorId), Outcome(failed));
        Assert.Equal(["Look"], runner.Actions);
        Assert.Equal(isTransient, failed.Problem!.Contains("iis01.contoso.com cannot be reached", StringComparison.Ordinal));
        runner.Problem = null;
        Assert.Equal(DeploymentStatus.DeployedUnverified, (await DeployAsync(certificate, "iis01", runner)).Status);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_or_a_key_that_is_not_here_is_told_before_anything_is_written()
    {
        Certificate certificate = await _bench.GetCertificateAsync();
        _bench.Add("none", "Local", new Dictionary<string, string> { ["FullChainPath"] = Path.Combine(Folder, "none", "a.crt"), ["Endpoint"] = "None" });
        Assert.Equal((DeploymentStatus.Failed, "KmTargetRefused"), Outcome(await _bench.DeployAsync(certificate, "none")));
        Assert.Throws<InvalidRequestException>(() => _bench.Add("empty", "Local", new Dictionary<string, string>()));
        Assert.Throws<InvalidRequestException>(() => _bench.Add("java", "Local", new Dictionary<string, string> { ["KeystorePath"] = "/a" }));
        Assert.Throws<InvalidRequestException>(() => _bench.Add("mode", "Local", new Dictionary<string, string> { ["FullChainPath"] = "/a", ["Mode"] = "rw" }));
        Assert.Throws<InvalidRequestException>(() => _bench.Add("endpoint", "Local", new Dictionary<string, string> { ["FullChainPath"] = "/a", ["Endpoint"] = "a b:443" }));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task The_targets_of_a_certificate_are_those_of_its_order_then_those_of_its_domains()
    {
        AddFolder();
        _bench.Add("second", "Local", new Dictionary<string, string> { ["FullChainPath"] = Path.Combine(Folder, "second.crt"), ["Endpoint"] = "None" });
        Certificate certificate = await _bench.GetCertificateAsync();
        Assert.Equal("KmDomainNotMapped", Assert.Throws<NotFoundException>(() => _bench.Services.DeployCertificate.RequireTargetsOf(certificate.Id)).ErrorId);
        Map("*", "second");
        Assert.Equal(["second"], _bench.Services.DeployCertificate.TargetsOf(certificate.Id));
        Map("contoso.com", "folder");
        Assert.Equal(["folder"], _bench.Services.DeployCertificate.TargetsOf(certificate.Id));
        Map("contoso.com", "");
        Assert.Equal(["second"], _bench.Services.DeployCertificate.TargetsOf(certificate.Id));
        Certificate ordered = await _bench.Bench.GetCertificateAsync(new OrderRequest { DomainNames = [DomainName.Parse("shop.contoso.com")], DeployTargets = ["folder"] });
        Assert.Equal(["folder"], _bench.Services.DeployCertificate.TargetsOf(ordered.Id));
        Assert.Equal(["folder"], _bench.Services.DeployCertificate.TargetsOf((await _bench.RenewAsync(ordered)).Id));
    }

    [Fact]
    public async Task Challenge_files_go_to_the_web_root_of_the_target_and_away_again()
    {
        string root = Directory.CreateDirectory(_bench.Bench.File("web root")).FullName;
        _bench.Add("web", "Local", new Dictionary<string, string> { ["WebRoot"] = root, ["WebConfig"] = "True", ["Endpoint"] = "None" });
        Map("contoso.com", "web");
        KeyManager.Providers.Challenges.TargetSolver solver = new(_bench.Bench.Store, new DeployKindRegistry(KeyManager.Providers.KeyManagerHost.NewDeployKinds(Clock.System, [])));
        CertificateOrder order = KeyManager.Tests.Challenges.SomeChallenge.Order();
        SolverContext context = new(order, _bench.Reporter, null);
        Challenge one = KeyManager.Tests.Challenges.SomeChallenge.Http("one", name: "www.contoso.com");
        Challenge two = KeyManager.Tests.Challenges.SomeChallenge.Http("two", name: "www.contoso.com");
        Assert.True(solver.CanSolve(order, one));
        Assert.False(solver.CanSolve(order with { WebRootPath = "/other" }, one));
        Assert.False(solver.CanSolve(order, KeyManager.Tests.Challenges.SomeChallenge.Http(name: "www.fabrikam.com")));
        IReadOnlyList<Challenge> placed = await solver.PlaceAsync(context, [one, two], CancellationToken.None);

        await solver.PresentAsync(context, placed, CancellationToken.None);
        await solver.PresentAsync(context, placed, CancellationToken.None);

        string folder = Path.Combine(root, ".well-known", "acme-challenge");
        Assert.Equal("one.thumbprint", File.ReadAllText(Path.Combine(folder, "one")));
        Assert.Equal(["one", "two", "web.config"], Directory.GetFiles(folder).Select(f => Path.GetFileName(f)!).OrderBy(f => f, StringComparer.Ordinal));
        await solver.CleanUpAsync(context, [placed[0]], CancellationToken.None);
        Assert.True(File.Exists(Path.Combine(folder, "web.config")));
        await solver.CleanUpAsync(context, [placed[1]], CancellationToken.None);
        await solver.CleanUpAsync(context, placed, CancellationToken.None);
        Assert.Empty(Directory.GetFileSystemEntries(root));
        await Assert.ThrowsAsync<ChallengeException>(() => solver.PresentAsync(context, [placed[0] with { Token = "../one" }], CancellationToken.None));
    }

    private async Task<Deployment> DeployAsync(Certificate certificate, string target, IScriptRunner scripts) => Assert.Single(await _bench.Services.DeployCertificate.RunAsync(
        [_bench.Services.DeployCertificate.Plan(certificate.Id, target)], new DeployOptions { Scripts = scripts }, _bench.Reporter, CancellationToken.None));

    private static (DeploymentStatus Status, string? ErrorId) Outcome(Deployment deployment) => (deployment.Status, deployment.ErrorId);

    private void AddFolder() => _bench.Add("folder", "Local", new Dictionary<string, string>
    {
        ["FullChainPath"] = Path.Combine(Folder, "{name}.crt"), ["PrivateKeyPath"] = Path.Combine(Folder, "{name}.key"), ["Endpoint"] = "None",
    });

    private void Map(string domain, string target) =>
        _bench.Services.DomainMappings.Set(domain, null, domain == "contoso.com" ? "_proof.contoso.com" : null, new Dictionary<string, string>(), new Dictionary<string, byte[]>(), _bench.Reporter, [target]);

    private Task<Deployment> RemoveAsync(Certificate certificate) => _bench.Services.DeployCertificate.RemoveAsync(certificate.Id, "folder", new DeployOptions(), _bench.Reporter, CancellationToken.None);

    private sealed class Runner : IScriptRunner
    {
        public List<string> Actions { get; } = [];

        public List<(string Name, string Text, IReadOnlyDictionary<string, object> Parameters)> Runs { get; } = [];

        public string Key { get; private set; } = "";

        public bool IsTransient { get; init; }

        public string? SessionTo { get; init; }

        public object Session { get; } = new();

        public string? Problem { get; set; }

        public Task RunAsync(string path, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> AskTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken) => throw new NotSupportedException();

        public object? FindSession(string computerName) => computerName == SessionTo ? Session : null;

        public Task RunTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken)
        {
            IReadOnlyDictionary<string, object> arguments = parameters.TryGetValue("Arguments", out object? inner) ? (IReadOnlyDictionary<string, object>)inner : parameters;
            Actions.Add((string)arguments["Action"]);
            Runs.Add((name, text, parameters));
            if (arguments.ContainsKey("Settings"))
            {
                return Failing(arguments); // the script for Windows
            }

            Key = arguments.TryGetValue("PrivateKey", out object? key) ? Encoding.ASCII.GetString(((ScriptSecret)key).Value) : Key;
            Assert.IsType<Certificate>(arguments["Certificate"]);
            return Failing(arguments);
        }

        private Task Failing(IReadOnlyDictionary<string, object> arguments) =>
            Equals(arguments["Action"], Problem) ? throw new ChallengeException(ErrorIds.ScriptFailed, "It failed.") { IsTransient = IsTransient } : Task.CompletedTask;
    }
}
