using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class CertificateCommandTests : CmdletTests
{
    [Fact]
    public async Task Get_finds_by_name_pattern_and_set()
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.GetCertificateAsync("a.contoso.test");
        _ = await Bench.GetCertificateAsync("b.contoso.test");

        Assert.Equal(2, Cmdlet<GetKmCertificateCommand>().Invoke().Output.Count);
        Assert.Equal("a.contoso.test", Assert.Single(Cmdlet<GetKmCertificateCommand>().With("Name", "[ax].*").Invoke().OutputOf<Certificate>()).Name);
        AssertFails(Cmdlet<GetKmCertificateCommand>().With("Name", "nope").Invoke(), "KmCertificateNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task History_goes_on_after_a_name_that_is_not_there()
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        _ = await Bench.RenewAsync(certificate);

        CmdletResult result = Cmdlet<GetKmCertificateHistoryCommand>().With("Certificate", new[] { "nope", "www.test" }).Invoke();

        Assert.Equal([2, 1], result.OutputOf<Certificate>().Select(c => c.Version));
        AssertFails(result, "KmCertificateNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task Update_without_saving_warns_and_Save_ends_it()
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.GetCertificateAsync("www.test");

        CmdletResult renewal = Cmdlet<UpdateKmCertificateCommand>().With("Certificate", "www.test").With("NoSave").With("Force").Invoke();
        Assert.Equal(OrderStatus.Renewed, Assert.Single(renewal.OutputOf<CertificateOrder>()).Status);
        Assert.Contains("Save-KmCertificate", Assert.Single(renewal.Warnings));
        Assert.Equal(1, Assert.Single(Bench.Listed()).Version);

        Assert.Equal(2, Assert.Single(Cmdlet<SaveKmCertificateCommand>().Pipe(renewal.Output[0]).Invoke().OutputOf<Certificate>()).Version);
        AssertFails(Cmdlet<UpdateKmCertificateCommand>().With("Certificate", "nope").Invoke(), "KmCertificateNotFound", ErrorCategory.ObjectNotFound);
        AssertFails(Cmdlet<SaveKmCertificateCommand>().With("Order", "nope").Invoke(), "KmOrderNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task Revoke_says_what_it_leads_to_and_does_it_once()
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.GetCertificateAsync("www.test");

        CmdletResult asked = Cmdlet<RevokeKmCertificateCommand>().With("Certificate", "www.test").With("WhatIf").Invoke();
        Assert.Contains("loses HTTPS", Assert.Single(asked.Questions));
        Assert.Equal(CertificateStatus.Valid, Assert.Single(Bench.Listed()).Status);

        CmdletRunner<RevokeKmCertificateCommand> Revoke() => Cmdlet<RevokeKmCertificateCommand>().With("Certificate", "www.test").With("Force");
        Assert.Equal(CertificateStatus.Revoked, Assert.Single(Revoke().Invoke().OutputOf<Certificate>()).Status);
        AssertFails(Revoke().Invoke(), "KmCertificateAlreadyRevoked", ErrorCategory.InvalidOperation);
    }

    [Fact]
    public async Task Remove_says_that_it_is_local()
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.GetCertificateAsync("www.test");

        CmdletResult asked = Cmdlet<RemoveKmCertificateCommand>().With("Certificate", "www.test").With("WhatIf").Invoke();
        Assert.Contains("here only", Assert.Single(asked.Questions));
        CmdletResult removed = Cmdlet<RemoveKmCertificateCommand>().With("Certificate", "www.test").With("Force").Invoke();

        Assert.Contains("stays valid", Assert.Single(removed.Warnings));
        Assert.Empty(Bench.Listed());
        AssertFails(Cmdlet<RemoveKmCertificateCommand>().With("Certificate", "www.test").With("Force").Invoke(), "KmCertificateNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task Export_and_Import_are_each_others_inverse()
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        CmdletRunner<ExportKmCertificateCommand> Export() => Cmdlet<ExportKmCertificateCommand>().With("Certificate", "www.test").With("Path", Bench.File("www.pfx")).With("Format", "Pkcs12");

        AssertFails(Export().Invoke(), "KmKeystorePasswordRequired", ErrorCategory.SecurityError);
        AssertClean(Export().With("Password", Secret("right password")).Invoke());
        AssertFails(Export().With("Password", Secret("right password")).Invoke(), "KmFileExists", ErrorCategory.ResourceExists);

        CmdletRunner<ImportKmCertificateCommand> Import(string password) => Cmdlet<ImportKmCertificateCommand>().InSet("Path").With("Path", Bench.File("www.pfx")).With("Password", Secret(password));
        Assert.Equal(certificate.Thumbprint, Assert.Single(Import("right password").Invoke().OutputOf<Certificate>()).Thumbprint);
        AssertFails(Import("wrong password").Invoke(), "KmWrongPassword", ErrorCategory.SecurityError);
    }

    [Theory]
    [InlineData("../escaped")]
    [InlineData("sub/escaped")]
    public async Task Export_does_not_leave_its_folder(string name)
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.GetCertificateAsync("www.test");

        CmdletResult result = Cmdlet<ExportKmCertificateCommand>()
            .With("Certificate", "www.test").With("Path", Bench.File("tls") + "/").With("Format", "Der").With("FileName", name).Invoke();

        AssertFails(result, "KmInvalidParameter", ErrorCategory.InvalidArgument);
        Assert.Empty(Directory.GetFiles(Bench.Test.Folder, "escaped*", SearchOption.AllDirectories));
    }
}
