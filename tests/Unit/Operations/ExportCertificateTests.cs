using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Providers.Files;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class ExportCertificateTests : OperationTests
{
    [Theory]
    [InlineData(ExportFormat.Pkcs12, ".pfx")]
    [InlineData(ExportFormat.Jks, ".jks")]
    public async Task A_keystore_holds_the_key_and_the_chain_and_reads_back(ExportFormat format, string extension)
    {
        Certificate certificate = await CertificateAsync();
        ExportedFile file = Assert.Single(Export(certificate, new ExportRequest { Path = Bench.File("out"), PathIsFolder = true, Format = format, Password = "hunter2" }));
        Assert.Equal((Bench.File("out", "_.contoso.com" + extension), true, certificate.Thumbprint), (file.Path, file.IsPrivate, file.Thumbprint));
        KeystoreEntry entry = Read(file.Path, "hunter2").Single();
        Assert.Equal(certificate.RawData, entry.Certificates[0]);
        Assert.Equal(Bench.Key(certificate.PrivateKeyId!).SubjectPublicKeyInfo, entry.Key!.SubjectPublicKeyInfo);
        Assert.DoesNotContain(entry.Certificates, der => Bench.Certificates.Parse(der).IsSelfSigned);
        Assert.Equal(2, entry.Certificates.Count);
        AssertMode(0x180, file.Path);
        Assert.Contains(Bench.Audit(), a => a.Action == "CertificateExportedWithKey" && a.Detail == file.Path);
    }

    [Fact]
    public async Task Pem_is_four_files_of_which_the_key_is_private_and_the_first()
    {
        Certificate certificate = await CertificateAsync();
        IReadOnlyList<ExportedFile> files = Export(certificate, Pem("out") with { FileName = "web" });
        Assert.Equal(["web.key", "web.crt", "web.chain.crt", "web.fullchain.crt"], files.Select(f => Path.GetFileName(f.Path)));
        Assert.Equal([true, false, false, false], files.Select(f => f.IsPrivate));
        AssertMode(0x180, files[0].Path);
        Assert.All(files.Skip(1), f => AssertMode(0x1A4, f.Path));
        using KeyPair key = Bench.Keys.Read(File.ReadAllBytes(files[0].Path), null, "key");
        Assert.Equal(Bench.Certificates.Parse(certificate.RawData).SubjectPublicKeyInfo, key.SubjectPublicKeyInfo);
        Assert.Equal([1, 1, 2], files.Skip(1).Select(f => Bench.Certificates.ReadAll(File.ReadAllBytes(f.Path), f.Path).Count));
        Assert.Equal(files.Select(f => f.Path).OrderBy(p => p, StringComparer.Ordinal), Directory.GetFiles(Bench.File("out")).OrderBy(p => p, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_pem_key_is_encrypted_when_a_password_is_given()
    {
        Certificate certificate = await CertificateAsync();
        string path = Export(certificate, Pem("out") with { Password = "hunter2" })[0].Path;
        Assert.Contains("ENCRYPTED PRIVATE KEY", File.ReadAllText(path), StringComparison.Ordinal);
        using KeyPair key = Bench.Keys.Read(File.ReadAllBytes(path), "hunter2", "key");
        Assert.Equal("ECDSA P-256", key.Spec.ToString());
    }

    [Theory]
    [InlineData(ExportFormat.Der, ".cer", 1)]
    [InlineData(ExportFormat.P7b, ".p7b", 2)]
    public async Task Forms_without_a_key_need_no_password_and_are_public(ExportFormat format, string extension, int certificates)
    {
        Certificate certificate = await CertificateAsync();
        ExportedFile file = Assert.Single(Export(certificate, new ExportRequest { Path = Bench.File("out"), PathIsFolder = true, Format = format }));
        Assert.EndsWith(extension, file.Path, StringComparison.Ordinal);
        Assert.False(file.IsPrivate);
        AssertMode(0x1A4, file.Path);
        Assert.Equal(certificates, Bench.Certificates.ReadAll(File.ReadAllBytes(file.Path), file.Path).Count);
        Assert.Contains(Bench.Audit(), a => a.Action == "CertificateExported");
        Assert.DoesNotContain(Bench.Audit(), a => a.Action == "CertificateExportedWithKey");
    }

    [Fact]
    public async Task The_key_can_be_left_out_and_the_root_taken_along()
    {
        Certificate certificate = await CertificateAsync();
        IReadOnlyList<ExportedFile> files = Export(certificate, Pem("out") with { WithoutKey = true, WithoutRoot = false });
        Assert.Equal(3, files.Count);
        Assert.Equal(3, Bench.Certificates.ReadAll(File.ReadAllBytes(files[2].Path), "full chain").Count);
    }

    [Fact]
    public async Task Planning_names_the_files_and_writes_none()
    {
        Certificate certificate = await CertificateAsync();
        string before = Contents();
        Assert.Equal(4, Bench.Services.ExportCertificate.Plan(certificate.Id, Pem("out")).Count);
        Assert.False(Directory.Exists(Bench.File("out")));
        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task The_form_is_the_one_that_the_order_asked_for()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync(Request("www.contoso.com") with { KeystoreType = KeystoreType.Jks, KeystorePassword = "hunter2" });
        string path = Assert.Single(Export(certificate, new ExportRequest { Path = Bench.File("store.jks") })).Path;
        Assert.Equal([0xFE, 0xED, 0xFE, 0xED], File.ReadAllBytes(path).Take(4));
        Assert.NotEmpty(Read(path, "hunter2"));
    }

    [Fact]
    public async Task A_keystore_without_a_password_is_refused()
    {
        Certificate certificate = await CertificateAsync();
        Refuses<KeyMaterialException>(ErrorIds.KeystorePasswordRequired, "*.contoso.com", () => Export(certificate, new ExportRequest { Path = Bench.File("x.pfx"), Format = ExportFormat.Pkcs12 }));
        Assert.False(File.Exists(Bench.File("x.pfx")));
    }

    [Fact]
    public void A_key_that_lives_elsewhere_cannot_be_exported_but_the_certificate_can()
    {
        Certificate certificate = Bench.Services.ImportCertificate.Run(TestPki.Entry("x").Certificates[0], null, "www.cer", null).Single();
        KeyMaterialException e = Refuses<KeyMaterialException>(ErrorIds.PrivateKeyNotFound, "www.contoso.com", () => Export(certificate, Pem("out")));
        Assert.Contains("-WithoutPrivateKey", e.Remedy, StringComparison.Ordinal);
        Assert.NotEmpty(Export(certificate, Pem("out") with { WithoutKey = true }));
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_when_asked_for()
    {
        Certificate certificate = await CertificateAsync();
        Directory.CreateDirectory(Bench.File("out"));
        string chain = Bench.File("out", "_.contoso.com.chain.crt");
        File.WriteAllText(chain, "mine");
        Refuses<ConflictException>(ErrorIds.FileExists, chain, () => Export(certificate, Pem("out")));
        Assert.Equal([chain], Directory.GetFiles(Bench.File("out")));
        Assert.Equal("mine", File.ReadAllText(chain));
        Export(certificate, Pem("out") with { Overwrite = true });
        Assert.StartsWith("-----BEGIN CERTIFICATE", File.ReadAllText(chain), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task When_one_file_cannot_be_written_the_old_pair_stays_whole(int blocked)
    {
        Certificate first = await CertificateAsync();
        IReadOnlyList<ExportedFile> files = Export(first, Pem("out"));
        Dictionary<string, string> before = files.ToDictionary(f => f.Path, f => File.ReadAllText(f.Path));
        CertificateOrder renewal = await Bench.RenewAsync(first);

        // A folder in its place: nobody can rename a file over that, not even root.
        File.Delete(files[blocked].Path);
        Directory.CreateDirectory(files[blocked].Path);
        string contents = Contents();
        Fails<DeploymentException>(ErrorIds.FileNotWritable, files[blocked].Path, () => Export(Bench.Certificate(renewal.CertificateId!), Pem("out") with { Overwrite = true }));
        Assert.Equal(contents, Contents());
        Directory.Delete(files[blocked].Path);
        Assert.All(files.Where((_, i) => i != blocked), f => Assert.Equal(before[f.Path], File.ReadAllText(f.Path)));
        Assert.Equal(3, Directory.GetFileSystemEntries(Bench.File("out")).Length);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        Certificate certificate = await CertificateAsync();
        File.WriteAllText(Bench.File("file"), "in the way");
        Refuses<DeploymentException>(ErrorIds.FileNotWritable, Bench.File("file", "out"), () => Export(certificate, Pem("file/out")));
    }

    [Fact]
    public async Task A_full_disk_leaves_the_old_pair()
    {
        string disk = Bench.File("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(Mount.TryTmpfs(disk, 24 * 1024), "Mounting a small file system needs root on Linux.");
        try
        {
            Certificate first = await CertificateAsync();
            IReadOnlyList<ExportedFile> files = Export(first, Pem("disk"));
            List<string> before = [.. files.Select(f => File.ReadAllText(f.Path))];
            CertificateOrder renewal = await Bench.RenewAsync(first);
            File.WriteAllBytes(Path.Combine(disk, "ballast"), new byte[4096]);
            DeploymentException e = Fails<DeploymentException>(
                ErrorIds.FileNotWritable, disk, () => Export(Bench.Certificate(renewal.CertificateId!), Pem("disk") with { Overwrite = true }));
            Assert.Equal(before, files.Select(f => File.ReadAllText(f.Path)));
            Assert.Equal(5, Directory.GetFileSystemEntries(disk).Length);
            Assert.NotNull(e.Target);
        }
        finally
        {
            Mount.Remove(disk);
        }
    }

    [Fact]
    public async Task An_export_after_a_renewal_takes_the_current_version()
    {
        Certificate first = await CertificateAsync();
        Export(first, Pem("out"));
        await Bench.RenewAsync(first);
        IReadOnlyList<ExportedFile> files = Export(Bench.Services.Inventory.Resolve("*.contoso.com"), Pem("out") with { Overwrite = true });
        using KeyPair key = Bench.Keys.Read(File.ReadAllBytes(files[0].Path), null, "key");
        CertificateContent leaf = Bench.Certificates.ReadAll(File.ReadAllBytes(files[1].Path), "crt").Single();
        Assert.Equal(leaf.SubjectPublicKeyInfo, key.SubjectPublicKeyInfo);
        Assert.NotEqual(first.SerialNumber, leaf.SerialNumber);
    }

    private static void AssertMode(int expected, string path)
    {
        if (Path.DirectorySeparatorChar == '/')
        {
            Assert.Equal(expected, NativeUnix.GetStatus(path)!.Permissions);
        }
    }

    private async Task<Certificate> CertificateAsync()
    {
        await Bench.AddAccountAsync();
        return await Bench.GetCertificateAsync("*.contoso.com", "contoso.com");
    }

    private ExportRequest Pem(string folder) => new() { Path = Bench.File(folder.Split('/')), PathIsFolder = true, Format = ExportFormat.Pem };

    private IReadOnlyList<ExportedFile> Export(Certificate certificate, ExportRequest request) => Bench.Services.ExportCertificate.Run(certificate.Id, request);

    private IReadOnlyList<KeystoreEntry> Read(string path, string password)
    {
        IKeystoreFormat[] formats = [new KeyManager.Providers.Keystores.Pkcs12Format(), new KeyManager.Providers.Keystores.JksFormat(Bench.Clock)];
        return new KeyManager.Providers.Keystores.KeystoreReader(formats, Bench.Keys, Bench.Certificates).Read(File.ReadAllBytes(path), password, path);
    }
}
