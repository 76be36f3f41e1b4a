using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Commands;
using KeyManager.Files;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class ImportCertificateListTests : OperationTests
{
    private const string Heading = "Certificate Name,Serial Number,Valid From,Expiry Date,Issuer,Organization,Organization Unit,Description\n";

    [Fact]
    public void A_row_becomes_an_entry_with_its_details()
    {
        Certificate certificate = Run(Heading + "www.contoso.com,0a:1b:2c,01-02-2026,31-12-2026,\"Contoso, CA\",\"Contoso \"\"Web\"\" Inc\",IT,The shop\n").Single();
        Assert.Equal(("www.contoso.com", "0A1B2C", 1, true, CertificateStatus.Valid, OrderOrigin.Imported), (certificate.Name, certificate.SerialNumber, certificate.Version, certificate.IsCurrent, certificate.Status, certificate.Origin));
        Assert.Equal((new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 12, 31, 0, 0, 0, TimeSpan.Zero)), (certificate.NotBefore, certificate.NotAfter));
        Assert.Equal(("CN=www.contoso.com,OU=IT,O=Contoso \\\"Web\\\" Inc", "CN=Contoso\\, CA", "The shop"), (certificate.Subject, certificate.Issuer, certificate.Note));
        Certificate stored = Bench.Store.Read(s => s.Certificates.FindCurrent("www.contoso.com"))!;
        Assert.True(stored.IsDetailsOnly);
        Assert.Equal(("", "", "unknown"), (stored.Sha256Thumbprint, stored.Thumbprint, stored.KeyDescription));
        Assert.Equal("www.contoso.com", stored.DomainNames.Single().Ascii);
        Assert.Equal(stored.Id, Bench.Services.Inventory.Resolve("0A1B2C").Id);
    }

    [Theory]
    [InlineData("a.test;01;01-01-2026;02-01-2027;;;;a note, with a comma")]
    [InlineData("a.test\t01\t01-01-2026\t02-01-2027\t\t\t\ta note, with a comma")]
    [InlineData("a.test,01,2026-01-01,2027-01-02,,,,\"a note, with a comma\"")]
    [InlineData("a.test , 01 , 01-01-2026 , 02-01-2027 ,,,, \"a note, with a comma\" \r\n\r\n")]
    public void Other_separators_and_dates_of_the_other_form_do_too(string row) => Assert.Equal("a note, with a comma", Run(row).Single().Note);

    [Fact]
    public void Both_ways_to_write_unicode_are_read_and_only_four_cells_are_needed()
    {
        foreach (Encoding encoding in new Encoding[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            byte[] data = [.. encoding.GetPreamble(), .. encoding.GetBytes("Müller & Co,0F,01-01-2026,02-01-2027")];
            CertificateListRow row = ImportCertificateList.Read(data, "list.csv").Single();
            Certificate certificate = Bench.Services.ImportCertificateList.Run(row, LabelChange.None);
            Assert.Equal(("Müller & Co", "", 0), (certificate.Name, certificate.Issuer, certificate.DomainNames.Count));
        }

        Assert.Single(Bench.Services.Inventory.History("Müller & Co"));
    }

    [Theory]
    [InlineData(",01,01-01-2026,02-01-2027", "certificate name")]
    [InlineData("a.test,,01-01-2026,02-01-2027", "serial number")]
    [InlineData("a.test,xyz,01-01-2026,02-01-2027", "xyz")]
    [InlineData("a.test,01,,02-01-2027", "valid from")]
    [InlineData("a.test,01,01-01-2026", "expiry date")]
    [InlineData("a.test,01,01-01-2026,31-02-2027", "31-02-2027")]
    [InlineData("a.test,01,01/01/2026,02-01-2027", "01/01/2026")]
    [InlineData("a.test,01,02-01-2027,01-01-2026", "before valid from")]
    public void A_broken_row_says_its_line_and_what_is_wrong(string row, string named)
    {
        CertificateListRow broken = ImportCertificateList.Read(Encoding.UTF8.GetBytes("good.test,01,01-01-2026,02-01-2027\n\n" + row), "list.csv")[1];
        InvalidRequestException error = Refuses<InvalidRequestException>(ErrorIds.ListRowInvalid, named, () => Bench.Services.ImportCertificateList.Run(broken, LabelChange.None));
        Assert.Contains("list.csv, line 3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData(Heading)]
    [InlineData("a.test,\"01,01-01-2026,02-01-2027")]
    public void What_is_no_list_is_refused_as_a_whole(string text) => Fails<InvalidRequestException>(ErrorIds.ListRowInvalid, "list.csv", () => ImportCertificateList.Read(Encoding.UTF8.GetBytes(text), "list.csv"));

    [Fact]
    public void Again_changes_nothing_and_another_serial_number_is_the_next_version()
    {
        Certificate first = Run("a.test,01,01-01-2026,02-01-2027").Single();
        string before = Contents();
        Assert.Equal(first.Id, Run("a.test,01,01-01-2026,02-01-2027").Single().Id);
        Assert.Equal(before, Contents());
        Certificate older = Run("a.test,02,01-01-2025,02-01-2026").Single();
        Assert.Equal((2, false, first.Id), (older.Version, older.IsCurrent, Bench.Store.Read(s => s.Certificates.FindCurrent("a.test"))!.Id));
        Assert.Equal(3, Run("a.test,03,01-01-2026,02-01-2028").Single().Version);
    }

    [Fact]
    public async Task What_needs_the_certificate_says_so_and_the_rest_works()
    {
        Certificate certificate = Run("a.test,01,01-01-2026,02-04-2026").Single();
        Fails<ConflictException>(ErrorIds.CertificateDetailsOnly, "a.test", () => Bench.Services.ExportCertificate.Run(certificate.Id, new ExportRequest { Path = Bench.File("a.crt"), Format = ExportFormat.Der }));
        Assert.Equal(ReportTone.Warning, Bench.Services.Reports.Make(new ReportRequest { Type = ReportType.KeyStrength }).Rows.Single().Tone);
        Assert.Equal("a.test", Bench.Services.Reports.Make(new ReportRequest { Type = ReportType.Expiry }).Rows.Single().Name);
        Assert.Equal(PreflightSeverity.Problem, (await Bench.Services.ExplainRenewal.RunAsync(certificate.Id, null, null, Bench.Reporter, CancellationToken.None))[0].Severity);
        using KeyPair key = Bench.Keys.Generate(KeySpec.Default);
        Assert.NotNull(Bench.Services.Keys.Import(Bench.Keys.ToPem(key, null), null, "a.key", "a key"));

        byte[] real = Bench.Certificates.ToPem(TestPki.Entry("a", "a.test").Certificates);
        Certificate whole = Bench.Services.ImportCertificate.Run(real, null, "a.pem", null).Single();
        Assert.Equal((2, false, certificate.LineageId), (whole.Version, whole.IsDetailsOnly, whole.LineageId));
    }

    [Fact]
    public void At_the_prompt_one_broken_row_does_not_stop_the_others()
    {
        string path = Bench.File("list.csv");
        File.WriteAllText(path, Heading + "a.test,01,01-01-2026,02-01-2027\nb.test,,01-01-2026,02-01-2027\nc.test,03,01-01-2026,02-01-2027\n");
        CmdletResult result = Support.Run.Cmdlet<ImportKmCertificateCommand>().WithServices(_ => Bench.Services).InSet("Path").With("Path", new[] { path }).With("Tag", new[] { "listed" }).Invoke();
        Assert.Equal(["a.test", "c.test"], result.OutputOf<Certificate>().Select(c => c.Name));
        Assert.StartsWith(ErrorIds.ListRowInvalid, Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, Bench.Store.Read(s => s.Certificates.Query(new CertificateQuery { Labels = LabelFilter.Create(["listed"], null, null) }, null, 10)).Items.Count);
    }

    [Fact]
    public void Any_text_is_rows_or_a_refusal()
    {
        uint state = 7;
        uint Next() => state = (state * 1664525) + 1013904223;
        const string alphabet = "ab0\",;\t\n\r '\\é-.";
        for (int round = 0; round < 3000; round++)
        {
            StringBuilder text = new();
            for (int i = (int)(Next() >> 26); i > 0; i--)
            {
                text.Append(alphabet[(int)((Next() >> 8) % (uint)alphabet.Length)]);
            }

            try
            {
                Assert.All(CsvReader.Read(text.ToString()), r => Assert.Contains(r.Cells, c => c.Length > 0));
            }
            catch (FormatException refused)
            {
                Assert.Contains("line", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    private List<Certificate> Run(string text) => [.. ImportCertificateList.Read(Encoding.UTF8.GetBytes(text), "list.csv").Select(r => Bench.Services.ImportCertificateList.Run(r, LabelChange.None))];
}
