using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class ReportCommandTests : CmdletTests
{
    [Fact]
    public async Task Get_writes_numbers_or_lines_of_all_or_of_what_comes()
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("a.test");
        _ = await Bench.GetCertificateAsync("b.test");

        long Ends(CmdletResult result) => result.OutputOf<ReportCount>().Where(c => c.Chart == "Ends within").Sum(c => c.Count);
        Assert.Equal(2, Ends(Cmdlet<GetKmReportCommand>().With("Type", ReportType.Expiry).Invoke()));
        Assert.Equal(1, Ends(Cmdlet<GetKmReportCommand>().With("Type", ReportType.Expiry).Pipe(certificate).Invoke()));
        Assert.Equal(0, Ends(Cmdlet<GetKmReportCommand>().With("Type", ReportType.Expiry).With("Tag", new[] { "none" }).Invoke()));
        Assert.Equal(["a.test", "b.test"], Cmdlet<GetKmReportCommand>().With("Type", ReportType.Inventory).With("Detail").Invoke().OutputOf<ReportRow>().Select(r => r.Name));
        AssertFails(Cmdlet<GetKmReportCommand>().With("Type", ReportType.Expiry).With("Certificate", "nope").Invoke(), "KmCertificateNotFound", ErrorCategory.ObjectNotFound);
    }

    [Theory]
    [InlineData("r.html", "<!DOCTYPE html>")]
    [InlineData("r.csv", "\uFEFFName,")]
    [InlineData("r.json", "{\"type\":\"Expiry\"")]
    [InlineData("r.jsonl", "{\"name\":\"a.test\"")]
    public async Task Export_goes_by_the_extension(string file, string start)
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.GetCertificateAsync("a.test");
        CmdletResult result = Cmdlet<ExportKmReportCommand>().With("Type", ReportType.Expiry).With("Path", file).Invoke();
        AssertClean(result);
        Assert.Equal(Bench.File(file), result.OutputOf<FileInfo>().Single().FullName);
        Assert.StartsWith(start, File.ReadAllText(Bench.File(file), new System.Text.UTF8Encoding(true, true)) is string text && start[0] == '\uFEFF' ? "\uFEFF" + text : File.ReadAllText(Bench.File(file)), System.StringComparison.Ordinal);

        AssertFails(Cmdlet<ExportKmReportCommand>().With("Type", ReportType.Expiry).With("Path", file).Invoke(), "KmFileExists", ErrorCategory.ResourceExists);
        AssertClean(Cmdlet<ExportKmReportCommand>().With("Type", ReportType.Inventory).With("Path", file).With("Force").Invoke());
    }

    [Fact]
    public void An_extension_that_says_nothing_is_refused_and_WhatIf_writes_nothing()
    {
        AssertFails(Cmdlet<ExportKmReportCommand>().With("Type", ReportType.Expiry).With("Path", "r.pdf").Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
        Assert.Single(Cmdlet<ExportKmReportCommand>().With("Type", ReportType.Expiry).With("Path", "r.pdf").With("Format", ReportFormat.Html).With("WhatIf").Invoke().Questions);
        Assert.False(File.Exists(Bench.File("r.pdf")));
    }
}
