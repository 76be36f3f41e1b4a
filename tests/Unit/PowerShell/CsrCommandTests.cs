using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class CsrCommandTests : CmdletTests
{
    [Fact]
    public void New_takes_a_row_with_empty_cells_and_Get_finds_it()
    {
        CmdletResult made = Cmdlet<NewKmCsrCommand>().Pipe(Some.Row(("DomainName", "a.test;b.test"), ("KeyLength", ""), ("Organization", ""), ("Country", ""))).Invoke();

        AssertClean(made);
        Assert.Equal("CN=a.test", Assert.Single(made.OutputOf<CertificateSigningRequest>()).Subject);
        Assert.Equal("a.test", Assert.Single(Cmdlet<GetKmCsrCommand>().With("Name", "a*").Invoke().OutputOf<CertificateSigningRequest>()).Name);
        AssertFails(Cmdlet<GetKmCsrCommand>().With("Name", "nope").Invoke(), "KmCsrNotFound", ErrorCategory.ObjectNotFound);
        AssertFails(Cmdlet<NewKmCsrCommand>().With("DomainName", "bad..test").Invoke(), "KmInvalidDomainName", ErrorCategory.InvalidArgument);
    }

    [Fact]
    public void Export_Test_Import_and_Remove_take_what_New_made()
    {
        string path = Bench.File("a.csr");
        _ = Cmdlet<NewKmCsrCommand>().With("DomainName", "a.test").Invoke();

        AssertClean(Cmdlet<ExportKmCsrCommand>().With("Csr", "a.test").With("Path", path).Invoke());
        AssertFails(Cmdlet<ExportKmCsrCommand>().With("Csr", "a.test").With("Path", path).Invoke(), "KmFileExists", ErrorCategory.ResourceExists);
        Assert.Equal([true], Cmdlet<TestKmCsrCommand>().InSet("Path").With("Path", path).Invoke().Output);
        AssertClean(Cmdlet<RemoveKmCsrCommand>().With("Csr", "a.test").With("Force").Invoke());
        AssertFails(Cmdlet<RemoveKmCsrCommand>().With("Csr", "a.test").With("Force").Invoke(), "KmCsrNotFound", ErrorCategory.ObjectNotFound);
        Assert.Equal("again", Assert.Single(Cmdlet<ImportKmCsrCommand>().InSet("Path").With("Path", path).With("Name", "again").Invoke().OutputOf<CertificateSigningRequest>()).Name);
    }

    [Fact]
    public void One_bad_file_does_not_stop_the_others_and_Test_answers_false_for_an_empty_one()
    {
        string good = Bench.File("good.csr");
        _ = Cmdlet<NewKmCsrCommand>().With("DomainName", "a.test").Invoke();
        _ = Cmdlet<ExportKmCsrCommand>().With("Csr", "a.test").With("Path", good).Invoke();
        string empty = Write("empty.csr", []);

        CmdletResult tested = Cmdlet<TestKmCsrCommand>().InSet("Path").With("Path", new[] { empty, good }).Invoke();
        CmdletResult imported = Cmdlet<ImportKmCsrCommand>().InSet("Path").With("Path", new[] { empty, good }).With("Name", "again").Invoke();

        Assert.Equal([false, true], tested.Output);
        AssertFails(tested, "KmFileEmpty", ErrorCategory.InvalidData);
        _ = Assert.Single(imported.Output);
        AssertFails(imported, "KmFileEmpty", ErrorCategory.InvalidData);
    }
}
