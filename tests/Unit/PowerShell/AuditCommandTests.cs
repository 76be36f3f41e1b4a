using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class AuditCommandTests : CmdletTests
{
    [Fact]
    public async Task Get_takes_an_area_in_any_letters_and_an_object_from_the_pipeline()
    {
        _ = await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.test");

        Assert.All(Cmdlet<GetKmAuditEventCommand>().With("Category", "order").Invoke().OutputOf<AuditEvent>(), line => Assert.Equal("Order", line.Category));
        Assert.NotEmpty(Cmdlet<GetKmAuditEventCommand>().With("Category", "order").Invoke().Output);
        CmdletResult one = Cmdlet<GetKmAuditEventCommand>().Pipe(certificate).Invoke();
        Assert.NotEmpty(one.Output);
        Assert.All(one.OutputOf<AuditEvent>(), line => Assert.Equal(certificate.Id, line.SubjectId));
        AssertFails(Cmdlet<GetKmAuditEventCommand>().With("Category", "Banana").Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
    }

    [Fact]
    public void Test_finds_a_line_that_was_changed()
    {
        Assert.Equal([true], Cmdlet<TestKmAuditTrailCommand>().Invoke().Output);
        Bench.Test.Meddle("DROP TRIGGER audit_log_no_update; UPDATE audit_log SET action = 'Nothing' WHERE number = 1");

        CmdletResult result = Cmdlet<TestKmAuditTrailCommand>().Invoke();

        Assert.Equal([false], result.Output);
        AssertFails(result, "KmAuditTrailBroken", ErrorCategory.InvalidData);
    }

    [Fact]
    public void Every_line_that_is_written_falls_into_a_known_area()
    {
        string[] areas =
        [
            .. Repository.Sources("src")
                .SelectMany(f => System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(f), "new AuditEntry\\(\\s*\"(\\w+)\"").Cast<System.Text.RegularExpressions.Match>())
                .Select(m => m.Groups[1].Value)
                .Distinct(),
        ];

        Assert.NotEmpty(areas);
        Assert.All(areas, area => Assert.Contains(area, KeyManager.Storage.AuditCategories.All));
    }
}
