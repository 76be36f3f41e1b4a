using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class PrivateKeyCommandTests : CmdletTests
{
    [Fact]
    public async Task Export_and_Import_are_each_others_inverse()
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        string path = Bench.File("www.key");
        CmdletResult exported = Cmdlet<ExportKmPrivateKeyCommand>().With("PrivateKey", certificate).With("Path", path).With("Password", Secret("right password")).With("Force").Invoke();
        string empty = Write("empty.key", []);

        CmdletResult imported = Cmdlet<ImportKmPrivateKeyCommand>().With("Path", new[] { empty, path }).With("Password", Secret("right password")).Invoke();

        AssertClean(exported);
        Assert.Equal(certificate.PrivateKeyId, Assert.Single(imported.OutputOf<PrivateKeyInfo>()).Id);
        AssertFails(imported, "KmFileEmpty", ErrorCategory.InvalidData);
        AssertFails(Cmdlet<ImportKmPrivateKeyCommand>().With("Path", path).With("Password", Secret("wrong password")).Invoke(), "KmWrongPassword", ErrorCategory.SecurityError);
        AssertFails(Cmdlet<ExportKmPrivateKeyCommand>().With("PrivateKey", certificate).With("Path", path).Invoke(), "KmFileExists", ErrorCategory.ResourceExists);
    }

    [Fact]
    public void Remove_takes_a_free_key_and_Get_misses_it_then()
    {
        CertificateSigningRequest request = Cmdlet<NewKmCsrCommand>().With("DomainName", "a.test").Invoke().OutputOf<CertificateSigningRequest>()[0];
        Assert.Equal(request.PrivateKeyId, Assert.Single(Cmdlet<GetKmPrivateKeyCommand>().With("Name", "a*").Invoke().OutputOf<PrivateKeyInfo>()).Id);
        AssertFails(Cmdlet<RemoveKmPrivateKeyCommand>().With("PrivateKey", request.PrivateKeyId).With("Force").Invoke(), "KmPrivateKeyInUse", ErrorCategory.InvalidOperation);
        _ = Cmdlet<RemoveKmCsrCommand>().With("Csr", "a.test").With("Force").Invoke();

        AssertClean(Cmdlet<RemoveKmPrivateKeyCommand>().With("PrivateKey", request.PrivateKeyId).With("Force").Invoke());

        AssertFails(Cmdlet<GetKmPrivateKeyCommand>().With("Name", "a.test").Invoke(), "KmPrivateKeyNotFound", ErrorCategory.ObjectNotFound);
    }
}
