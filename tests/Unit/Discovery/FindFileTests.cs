using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Discovery;

public sealed class FindFileTests : IDisposable
{
    private readonly DiscoveryBench _bench = new();
    private readonly CertificateTools _tools = new();
    private readonly string _folder;

    public FindFileTests()
    {
        _folder = _bench.Bench.File("files");
        Directory.CreateDirectory(Path.Combine(_folder, "deep", "er"));
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Every_form_is_found_with_its_chain_and_whether_a_key_is_there()
    {
        KeystoreEntry pem = TestPki.Entry("", "pem.test");
        KeystoreEntry pfx = TestPki.Entry("", "pfx.test");
        KeystoreEntry jks = TestPki.Entry("one", "jks.test");
        Write("site.pem", [.. _tools.ToPem(pem.Certificates), .. Encoding.ASCII.GetBytes("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")]);
        Write("site.der", TestPki.Entry("", "der.test").Certificates[0]);
        Write("site.p7b", _tools.ToPkcs7(TestPki.Entry("", "p7b.test").Certificates));
        Write("deep/site.pfx", new Pkcs12Format().Write([pfx], new KeystoreOptions { Password = "second" }));
        Write("deep/er/store.jks", new JksFormat(_bench.Bench.Clock).Write([jks], new KeystoreOptions { Password = "changeit" }));
        Write("odd-name", _tools.ToPem([TestPki.Entry("", "odd.test").Certificates[0]]));
        Write("readme.txt", Encoding.ASCII.GetBytes("no certificate here"));
        Write("only.key", Encoding.ASCII.GetBytes("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
        Write("roots.pem", _tools.ToPem([TestPki.Root.Der, TestPki.Intermediate.Der]));

        Dictionary<string, DiscoveredCertificate> found = (await _bench.LookAsync(DiscoveryBench.Files(_folder, "first", "second", "changeit"))).ToDictionary(f => f.Location.Substring(_folder.Length + 1).Replace('\\', '/'));

        Assert.Equal(["deep/er/store.jks#one", "deep/site.pfx", "odd-name", "site.der", "site.p7b", "site.pem"], found.Keys.Order(StringComparer.Ordinal));
        Assert.All(found.Values, f => Assert.Null(f.Problem));
        Assert.Equal((true, 2), (found["site.pem"].HasPrivateKey, found["site.pem"].ChainLength));
        Assert.Equal((true, true, false), (found["deep/site.pfx"].HasPrivateKey, found["deep/er/store.jks#one"].HasPrivateKey, found["site.p7b"].HasPrivateKey));
        Assert.Equal(["odd.test"], found["odd-name"].DomainNames.Select(n => n.Ascii));
        Assert.Equal(Environment.MachineName, found["site.der"].Computer);
    }

    [Fact]
    public async Task Authorities_come_when_they_are_wanted_and_folders_below_too()
    {
        Write("roots.pem", _tools.ToPem([TestPki.Root.Der, TestPki.Intermediate.Der]));
        Write("deep/x.crt", TestPki.Entry("").Certificates[0]);

        Assert.Empty(await _bench.LookAsync(DiscoveryBench.Files(_folder) with { Recurse = false }));
        DiscoveredCertificate authority = Assert.Single(await _bench.LookAsync(DiscoveryBench.Files(_folder) with { Recurse = false, IncludeAuthorities = true }));
        Assert.Equal(("O=Contoso,CN=Test Intermediate", 1), (authority.Subject, authority.ChainLength));
    }

    [Fact]
    public async Task What_cannot_be_read_is_one_line_with_the_reason_and_the_rest_is_done()
    {
        Write("locked.pfx", new Pkcs12Format().Write([TestPki.Entry("")], new KeystoreOptions { Password = "unknown" }));
        Write("half.pem", _tools.ToPem([TestPki.Root.Der]).Take(300).ToArray());
        Write("garbage.crt", [1, 2, 3]);
        Write("empty.pem", []);
        Write("good.crt", TestPki.Entry("", "good.test").Certificates[0]);

        Dictionary<string, DiscoveredCertificate> found = (await _bench.LookAsync(DiscoveryBench.Files(_folder, "one", "two"))).ToDictionary(f => Path.GetFileName(f.Location));

        Assert.Equal(5, found.Count);
        Assert.Contains("None of the 2 passwords", found["locked.pfx"].Problem, StringComparison.Ordinal);
        Assert.Contains("is empty", found["empty.pem"].Problem, StringComparison.Ordinal);
        Assert.Equal((DiscoveryState.Failed, DiscoveryState.Failed), (found["half.pem"].State, found["garbage.crt"].State));
        Assert.Equal(DiscoveryState.New, found["good.crt"].State);
        Assert.DoesNotContain("one", string.Concat(found.Values.Select(f => f.Problem)).Replace("None", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_look_at_a_folder_tells_what_is_new_changed_and_gone()
    {
        Write("stays.crt", TestPki.Entry("", "stays.test").Certificates[0]);
        Write("changes.crt", TestPki.Entry("", "changes.test").Certificates[0]);
        Write("deep/goes.crt", TestPki.Entry("", "goes.test").Certificates[0]);
        Write("breaks.crt", TestPki.Entry("", "breaks.test").Certificates[0]);
        Assert.All(await _bench.AddAsync(DiscoveryBench.Files(_folder)), f => Assert.Equal(DiscoveryState.New, f.State));

        Write("changes.crt", TestPki.Entry("", "changes.test").Certificates[0]);
        Write("comes.crt", TestPki.Entry("", "comes.test").Certificates[0]);
        Write("breaks.crt", [1, 2, 3]);
        File.Delete(Path.Combine(_folder, "deep", "goes.crt"));

        Assert.Equal([DiscoveryState.Failed, DiscoveryState.Changed, DiscoveryState.New, DiscoveryState.Known], States(await _bench.LookAsync(DiscoveryBench.Files(_folder) with { Recurse = false })));
        Assert.Equal([DiscoveryState.Failed, DiscoveryState.Changed, DiscoveryState.New, DiscoveryState.Known, DiscoveryState.Gone], States(await _bench.AddAsync(DiscoveryBench.Files(_folder))));
        Assert.Equal([DiscoveryState.Failed, DiscoveryState.Known, DiscoveryState.Known, DiscoveryState.Known], States(await _bench.LookAsync(DiscoveryBench.Files(_folder))));

        Assert.Equal(5, _bench.Bench.Listed().Count);
        Assert.Equal(["changes.test"], _bench.Bench.Listed().Where(c => c.Version == 2).Select(c => c.Name));
        Assert.NotEmpty(_bench.Bench.Listed().Single(c => c.Name == "breaks.test").InUseAt);
        Assert.Empty(_bench.Bench.Listed().Single(c => c.Name == "goes.test").InUseAt);
    }

    [Fact]
    public async Task A_removed_certificate_is_new_again()
    {
        Write("a.crt", TestPki.Entry("", "a.test").Certificates[0]);
        await _bench.AddAsync(DiscoveryBench.Files(_folder));

        _bench.Bench.Store.Write(s => s.Certificates.Remove(_bench.Bench.Listed()[0].Id));

        Assert.Equal([DiscoveryState.New], States(await _bench.LookAsync(DiscoveryBench.Files(_folder))));
    }

    [Fact]
    public async Task Links_in_circles_and_things_that_are_no_files_do_not_hold_it_up()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links needs a right on Windows.");
        Write("real.crt", TestPki.Entry("", "real.test").Certificates[0]);
        Peers.Run("ln", "coreutils", _folder, ["-s", _folder, Path.Combine(_folder, "deep", "circle")]);
        Peers.Run("ln", "coreutils", _folder, ["-s", Path.Combine(_folder, "real.crt"), Path.Combine(_folder, "link.crt")]);
        Peers.Run("ln", "coreutils", _folder, ["-s", "/nowhere/at/all.crt", Path.Combine(_folder, "broken.crt")]);
        Peers.Run("mkfifo", "coreutils", _folder, [Path.Combine(_folder, "pipe.pem")]);
        Peers.Run("ln", "coreutils", _folder, ["-s", Path.Combine(_folder, "pipe.pem"), Path.Combine(_folder, "to-pipe.pem")]);

        IReadOnlyList<DiscoveredCertificate> found = await _bench.LookAsync(DiscoveryBench.Files(_folder));

        Assert.Equal(["link.crt", "real.crt"], found.Where(f => f.State == DiscoveryState.New).Select(f => Path.GetFileName(f.Location)));
        Assert.Equal(["broken.crt", "pipe.pem", "to-pipe.pem"], found.Where(f => f.State == DiscoveryState.Failed).Select(f => Path.GetFileName(f.Location)));
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_said_and_a_remembered_one_is_gone()
    {
        string path = Path.Combine(_folder, "a.crt");
        Assert.Equal(DiscoveryState.Failed, Assert.Single(await _bench.LookAsync(DiscoveryBench.Files(path))).State);

        Write("a.crt", TestPki.Entry("", "a.test").Certificates[0]);
        await _bench.AddAsync(DiscoveryBench.Files(path));
        File.Delete(path);

        Assert.Equal(DiscoveryState.Gone, Assert.Single(await _bench.LookAsync(DiscoveryBench.Files(path))).State);
    }

    private static IEnumerable<DiscoveryState> States(IEnumerable<DiscoveredCertificate> found) => found.Select(f => f.State);

    private void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine([_folder, .. name.Split('/')]), content);
}
