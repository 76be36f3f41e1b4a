using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Newtonsoft.Json.Linq;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class AuditTests : OperationTests
{
    [Fact]
    public void Every_line_that_was_changed_removed_put_in_or_exchanged_is_found()
    {
        Fill(20);
        Assert.Empty(Bench.Services.Audit.FindProblems());
        Bench.Test.Meddle("""
            DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete;
            UPDATE audit_log SET detail = 'nothing' WHERE number = 4;
            DELETE FROM audit_log WHERE number IN (8, 9);
            UPDATE audit_log SET number = -12 WHERE number = 12; UPDATE audit_log SET number = 12 WHERE number = 13; UPDATE audit_log SET number = 13 WHERE number = -12;
            INSERT INTO audit_log SELECT number + 1, time, category, action, subject_id, subject_name, succeeded, detail, user, machine, hash FROM audit_log ORDER BY number DESC LIMIT 1;
            """);
        string all = string.Join(" ", Bench.Services.Audit.FindProblems());
        Assert.Contains("Line 4 was changed.", all, StringComparison.Ordinal);
        Assert.Contains("Line 8 is missing, and so are those up to 9.", all, StringComparison.Ordinal);
        Assert.Contains("Line 12 was changed.", all, StringComparison.Ordinal);
        Assert.Contains("Line 13 was changed.", all, StringComparison.Ordinal);
        Assert.Contains("added by something other", all, StringComparison.Ordinal);
        Assert.DoesNotContain("Line 5 ", all, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_purge_leaves_is_provable_and_a_forged_one_is_found()
    {
        Fill(10);
        Bench.Clock.Advance(TimeSpan.FromDays(40));
        Fill(5);
        Bench.Clock.Advance(TimeSpan.FromDays(20));
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "30 days", () => Bench.Services.Audit.Purge(Bench.Clock.UtcNow.AddDays(-29)));

        long gone = Bench.Services.Audit.Purge(Bench.Clock.UtcNow.AddDays(-30));
        Assert.True(gone >= 10);
        Assert.Empty(Bench.Services.Audit.FindProblems());
        Assert.Equal(gone + 1, Bench.Audit().Min(l => l.Number));
        Assert.Equal(1, Bench.Audit().Count(l => l.Action == "AuditPurged"));
        Assert.Equal(0, Bench.Services.Audit.Purge(Bench.Clock.UtcNow.AddDays(-30)));

        Bench.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(6, Bench.Services.Audit.Purge(Bench.Clock.UtcNow.AddDays(-30)));
        Assert.Empty(Bench.Services.Audit.FindProblems());
        Fill(3);
        Assert.Empty(Bench.Services.Audit.FindProblems());
        Bench.Test.Meddle("INSERT INTO audit_checkpoints SELECT number, hash, 0 FROM audit_log ORDER BY number LIMIT 1; DELETE FROM audit_log WHERE number = (SELECT MIN(number) FROM audit_log)");
        Assert.Contains("no line of it tells", Assert.Single(Bench.Services.Audit.FindProblems()), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_can_be_removed_without_a_checkpoint()
    {
        Fill(3);
        Assert.ThrowsAny<Exception>(() => Bench.Test.Meddle("DELETE FROM audit_log WHERE number = 1"));
        Assert.ThrowsAny<Exception>(() => Bench.Test.Meddle("UPDATE audit_log SET detail = '' WHERE number = 1"));
    }

    [Fact]
    public void Each_form_holds_every_line_as_one_line_whatever_its_texts()
    {
        Append("a,b \"c\" = | \\ \r\nnew ä\u0007");
        AuditEvent line = Bench.Audit()[0];

        string[] csv = [.. Bench.Services.Audit.Export(AuditFormat.Csv, "Order", null, null)];
        Assert.StartsWith("Number,Time,Category", csv[0], StringComparison.Ordinal);
        Assert.Contains("\"a,b \"\"c\"\" = | \\ \r\nnew ä\u0007\"", csv[1], StringComparison.Ordinal);

        JObject json = JObject.Parse(Bench.Services.Audit.Export(AuditFormat.JsonLines, "Order", null, null).Single());
        Assert.Equal((line.Detail, line.Number, line.Hash), ((string?)json["Detail"], (long)json["Number"]!, (string?)json["Hash"]));

        string syslog = Bench.Services.Audit.Export(AuditFormat.Syslog, "Order", null, null).Single();
        Assert.Matches(@"^<108>1 2026-03-01T12:00:00\.000000Z \S+ KeyManager - OrderCreated \[meta sequenceId=""\d+""\]\[origin software=""KeyManager""\] \{[\x20-\x7e]+\}$", syslog);

        string cef = Bench.Services.Audit.Export(AuditFormat.Cef, "Order", null, null).Single();
        Assert.Matches(@"^CEF:0\|KeyManager\|KeyManager\|[^|]+\|OrderCreated\|Order OrderCreated\|7\|rt=1772366400000 externalId=\d+ cat=Order", cef);
        Assert.EndsWith("msg=a,b \"c\" \\= | \\\\ \\r\\nnew ä\u0007", cef, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', cef);
    }

    [Fact]
    public void A_file_is_written_whole_and_not_over_another()
    {
        Fill(2500);
        string path = Bench.File("audit.jsonl");
        long count = Bench.Services.Audit.ExportTo(path, AuditFormat.JsonLines, null, null, null, overwrite: false, CancellationToken.None);
        Assert.Equal(count, File.ReadAllLines(path).Length);
        Assert.Equal(Enumerable.Range(1, (int)count).Select(n => (long)n), File.ReadAllLines(path).Select(l => (long)JObject.Parse(l)["Number"]!));
        Fails<ConflictException>(ErrorIds.FileExists, path, () => Bench.Services.Audit.ExportTo(path, AuditFormat.Csv, null, null, null, overwrite: false, CancellationToken.None));
        Bench.Services.Audit.ExportTo(path, AuditFormat.Csv, "Audit", null, null, overwrite: true, CancellationToken.None);
        Assert.Equal(2, File.ReadAllLines(path).Length);
        Fails<DeploymentException>(ErrorIds.FileNotWritable, "nowhere", () => Bench.Services.Audit.ExportTo(Bench.File("nowhere", "x.csv"), AuditFormat.Csv, null, null, null, false, CancellationToken.None));
        Assert.DoesNotContain(Directory.GetFiles(Bench.Test.Folder), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private void Fill(int count) => Bench.Store.Write(s =>
    {
        for (int i = 0; i < count; i++)
        {
            s.Audit.Append(new AuditEntry("Order", "OrderCreated", $"id{i}", "www.test", $"line {i}"));
        }
    });

    private void Append(string detail) => Bench.Store.Write(s => s.Audit.Append(new AuditEntry("Order", "OrderCreated", "id", "www.test", detail, false)));
}
