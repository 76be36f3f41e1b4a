using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Storage;

public sealed class AuditTableTests : IDisposable
{
    private const string DropTriggers = "DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete; DROP TRIGGER audit_head_no_delete;";

    private readonly TestStore _test = new();

    private IStore Store => _test.Store;

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Lines_are_numbered_without_gaps_and_tell_who_did_what_when()
    {
        AuditEvent line = Store.Write(s => s.Audit.Append(new AuditEntry("Order", "OrderPlaced", "o1", "www.contoso.com", "with \"Local\"", false)));

        // 1 and 2 tell of the store's making.
        Assert.Equal(3, line.Number);
        Assert.Equal(_test.Clock.UtcNow, line.Time);
        Assert.Equal(Environment.UserName, line.User);
        Assert.Equal(Environment.MachineName, line.Machine);
        Assert.Equal(64, line.Hash.Length);
        Assert.Equal(line, Store.Read(s => s.Audit.Query("order", null, null, null, null, 10)).Items.Single());
        Assert.Null(Store.Read(s => s.Audit.Verify()));
    }

    [Fact]
    public void A_line_goes_when_its_transaction_does_and_leaves_no_gap()
    {
        Assert.Throws<TimeoutException>(() => Store.Write(s =>
        {
            s.Audit.Append(new AuditEntry("Order", "Lost"));
            throw new TimeoutException();
        }));

        Assert.Equal(3, Store.Write(s => s.Audit.Append(new AuditEntry("Order", "Kept"))).Number);
        Assert.Null(Store.Read(s => s.Audit.Verify()));
    }

    [Fact]
    public void Lines_are_asked_for_by_area_time_and_subject_in_pages()
    {
        DateTimeOffset start = _test.Clock.UtcNow;
        for (int i = 0; i < 10; i++)
        {
            _test.Clock.Advance(TimeSpan.FromHours(1));
            Store.Write(s => s.Audit.Append(new AuditEntry(i % 2 == 0 ? "Order" : "Certificate", $"Action{i}", $"id{i % 3}", $"Name{i % 5}")));
        }

        Assert.Equal(["Action9", "Action7", "Action5", "Action3", "Action1"], Actions("Certificate", null, null, null));
        Assert.Equal(["Action3", "Action2"], Actions(null, start.AddHours(3), start.AddHours(4), null));
        Assert.Equal(["Action7", "Action4", "Action1"], Actions(null, null, null, "id1"));
        Assert.Equal(["Action8", "Action3"], Actions(null, null, null, "nAME3"));
        Assert.Equal(12, Actions(null, null, null, null).Length);
    }

    [Fact]
    public void The_database_refuses_to_change_or_remove_a_line()
    {
        Assert.Contains("cannot be changed", Assert.ThrowsAny<Exception>(() => _test.Meddle("UPDATE audit_log SET detail = 'x'")).Message);
        Assert.Contains("cannot be changed", Assert.ThrowsAny<Exception>(() => _test.Meddle("DELETE FROM audit_log")).Message);
        Assert.Contains("cannot be changed", Assert.ThrowsAny<Exception>(() => _test.Meddle("DELETE FROM audit_head")).Message);
    }

    [Theory]
    [InlineData("UPDATE audit_log SET detail = 'nothing happened' WHERE number = 4", "Line 4 was changed")]
    [InlineData("UPDATE audit_log SET succeeded = 1 - succeeded WHERE number = 4", "Line 4 was changed")]
    [InlineData("UPDATE audit_log SET time = time + 1 WHERE number = 6", "Line 6 was changed")]
    [InlineData("UPDATE audit_log SET subject_id = subject_id || subject_name, subject_name = '' WHERE number = 5", "Line 5 was changed")]
    [InlineData("DELETE FROM audit_log WHERE number = 5", "Line 5 is missing")]
    [InlineData("DELETE FROM audit_log WHERE number > 5", "Line 6 is missing: the trail ended with line 7")]
    [InlineData("DELETE FROM audit_log", "Line 1 is missing")]
    [InlineData("DELETE FROM audit_log; DELETE FROM audit_head", "Line 1 is missing")]
    [InlineData("DELETE FROM audit_head", "The record of the last line is missing")]
    [InlineData("UPDATE audit_head SET number = 6, hash = (SELECT hash FROM audit_log WHERE number = 6)", "Line 7 was added by something other")]
    [InlineData("UPDATE audit_log SET number = 100 WHERE number = 7", "Line 7 is missing")]
    [InlineData("UPDATE audit_log SET number = 0 WHERE number = 1", "Line 0 does not belong there")]
    [InlineData("UPDATE audit_log SET hash = 'x' WHERE number = 7", "Line 7 was changed")]
    [InlineData("UPDATE audit_head SET hash = 'x'", "Line 7 was changed")]
    [InlineData("INSERT INTO audit_log SELECT 8, time, category, action, subject_id, subject_name, succeeded, detail, user, machine, hash FROM audit_log WHERE number = 7", "Line 8 was changed")]
    public void Meddling_shows(string sql, string expected)
    {
        for (int i = 0; i < 5; i++)
        {
            Store.Write(s => s.Audit.Append(new AuditEntry("Order", $"Action{i}", "id", "name")));
        }

        _test.Meddle(DropTriggers + sql);

        Assert.Contains(expected, Store.Read(s => s.Audit.Verify()) ?? "nothing found");
        Assert.Contains(Store.CheckIntegrity(), problem => problem.StartsWith("Audit trail:", StringComparison.Ordinal));
        Assert.Contains(Store.CheckIntegrity(), problem => problem.Contains("triggers"));
    }

    [Fact]
    public void A_trail_from_another_store_does_not_pass()
    {
        using TestStore other = new();
        _test.Meddle(
            DropTriggers +
            $"""
            ATTACH '{other.Location.Path}' AS other;
            DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM other.audit_log;
            DELETE FROM audit_head; INSERT INTO audit_head SELECT * FROM other.audit_head;
            """);

        Assert.Contains("Line 1 was changed", Store.Read(s => s.Audit.Verify()));
    }

    private string[] Actions(string? category, DateTimeOffset? from, DateTimeOffset? to, string? subject)
    {
        List<string> actions = [];
        string? after = null;
        do
        {
            Page<AuditEvent> page = Store.Read(s => s.Audit.Query(category, from, to, subject, after, 2));
            actions.AddRange(page.Items.Select(line => line.Action));
            after = page.Next;
        }
        while (after is not null);

        return [.. actions];
    }
}
