using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Providers.Files;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class ManageKeysTests : OperationTests
{
    [Fact]
    public void An_imported_key_is_stored_once_whatever_it_is_called()
    {
        byte[] pem = Bench.Keys.ToPem(TestPki.Key("ECDSA P-256"), "hunter2");
        PrivateKeyInfo first = Bench.Services.Keys.Import(pem, "hunter2", "key.pem", "one");
        PrivateKeyInfo second = Bench.Services.Keys.Import(pem, "hunter2", "key.pem", "two");
        Assert.Equal((first.Id, "one", OrderOrigin.Imported), (second.Id, second.Name, second.Origin));
        Assert.Equal([first.Id], Bench.Services.Keys.List(null).Select(k => k.Id));
        Assert.True(WasAudited("PrivateKeyImported", first.Id));
    }

    [Fact]
    public void A_certificate_that_came_without_its_key_has_it_from_then_on()
    {
        KeystoreEntry entry = TestPki.Entry("web");
        Certificate certificate = Bench.Services.ImportCertificate.Run(entry.Certificates[0], null, "www.cer", null).Single();
        PrivateKeyInfo key = Bench.Services.Keys.Import(Bench.Keys.ToPem(entry.Key!, null), null, "key.pem", "web");
        Assert.Equal(key.Id, Bench.Certificate(certificate.Id).PrivateKeyId);
    }

    [Fact]
    public void What_cannot_be_read_is_named()
    {
        byte[] pem = Bench.Keys.ToPem(TestPki.Key("ECDSA P-256"), "hunter2");
        Refuses<KeyMaterialException>(ErrorIds.WrongPassword, "key.pem", () => Bench.Services.Keys.Import(pem, "wrong", "key.pem", "k"));
        Refuses<KeyMaterialException>(ErrorIds.KeystorePasswordRequired, "key.pem", () => Bench.Services.Keys.Import(pem, null, "key.pem", "k"));
        Refuses<KeyMaterialException>(ErrorIds.FileEmpty, "key.pem", () => Bench.Services.Keys.Import([], null, "key.pem", "k"));
        Refuses<KeyMaterialException>(ErrorIds.PrivateKeyUnreadable, "key.pem", () => Bench.Services.Keys.Import(Encoding.ASCII.GetBytes("nothing"), null, "key.pem", "k"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("hunter2")]
    public void An_exported_key_is_private_reads_back_and_is_audited(string? password)
    {
        PrivateKeyInfo key = Bench.Services.Keys.Import(Bench.Keys.ToPem(TestPki.Key("ECDSA P-256"), null), null, "key.pem", "web");
        string path = Bench.File("web.key");
        Bench.Services.Keys.Export("web", path, password);
        using KeyPair read = Bench.Keys.Read(File.ReadAllBytes(path), password, path);
        Assert.Equal(TestPki.Key("ECDSA P-256").SubjectPublicKeyInfo, read.SubjectPublicKeyInfo);
        Assert.Equal(password is not null, File.ReadAllText(path).Contains("ENCRYPTED"));
        Assert.Contains(Bench.Audit(), a => a.Action == "PrivateKeyExported" && a.SubjectId == key.Id && a.Detail == path);
        if (Path.DirectorySeparatorChar == '/')
        {
            Assert.Equal(0x180, NativeUnix.GetStatus(path)!.Permissions);
        }
    }

    [Fact]
    public void An_export_that_fails_is_not_audited_as_one()
    {
        Bench.Services.Keys.Import(Bench.Keys.ToPem(TestPki.Key("ECDSA P-256"), null), null, "key.pem", "web");
        Refuses<DeploymentException>(ErrorIds.FileNotWritable, Bench.File("no", "web.key"), () => Bench.Services.Keys.Export("web", Bench.File("no", "web.key"), null));
    }

    [Fact]
    public async Task A_key_in_use_stays_and_a_free_one_goes_with_its_secret()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.contoso.com");
        Refuses<ConflictException>(ErrorIds.PrivateKeyInUse, "www.contoso.com", () => Bench.Services.Keys.Remove(certificate.PrivateKeyId!));
        PrivateKeyInfo free = Bench.Services.Keys.Import(Bench.Keys.ToPem(TestPki.Key("ECDSA P-384"), null), null, "key.pem", "free");
        Bench.Services.Keys.Remove("free");
        Assert.Null(Bench.Store.Read(s => s.PrivateKeys.Find(free.Id)));
        Assert.False(Bench.Store.Read(s => s.Secrets.Exists(SecretRef.PrivateKey(free.Id))));
        Assert.True(WasAudited("PrivateKeyRemoved", free.Id));
    }

    [Fact]
    public void A_name_that_several_keys_have_decides_nothing()
    {
        Bench.Services.Keys.Import(Bench.Keys.ToPem(TestPki.Key("ECDSA P-256"), null), null, "a.pem", "web");
        Bench.Services.Keys.Import(Bench.Keys.ToPem(TestPki.Key("ECDSA P-384"), null), null, "b.pem", "web");
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "'web'", () => Bench.Services.Keys.Remove("web"));
        Refuses<NotFoundException>(ErrorIds.PrivateKeyNotFound, "'lost'", () => Bench.Services.Keys.Export("lost", Bench.File("x"), null));
    }
}
