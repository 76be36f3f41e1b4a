using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>What the engine remembers.</summary>
internal sealed class RenewalTable(Database database) : IRenewalStore
{
    // Entries without a row were never looked at. CROSS JOIN: the few rows that are due lead the way.
    public IReadOnlyList<string> FindToLookAt(DateTimeOffset now) => database.Query(
        """
        SELECT id FROM (
            SELECT c.id, c.not_after FROM renewal_state s CROSS JOIN certificates c ON c.lineage_id = s.lineage_id AND c.is_current = 1 WHERE s.next_look <= @now
            UNION ALL
            SELECT c.id, c.not_after FROM lineages l CROSS JOIN certificates c ON c.lineage_id = l.id AND c.is_current = 1
            WHERE NOT EXISTS (SELECT 1 FROM renewal_state s WHERE s.lineage_id = l.id))
        ORDER BY not_after, id
        """,
        row => row.Text(0),
        ("@now", now));

    public DateTimeOffset? NextLook() => Time("SELECT next_look FROM renewal_state ORDER BY next_look LIMIT 1");

    public RenewalState? Find(string lineageId) => database.First(
        "SELECT next_look, document FROM renewal_state WHERE lineage_id = @id",
        row => RecordJson.Read<RenewalState>(row.Text(1)) with { LineageId = lineageId, NextLook = row.Time(0) },
        ("@id", lineageId));

    public void Put(RenewalState state) => _ = database.Execute(
        """
        INSERT INTO renewal_state (lineage_id, next_look, is_waiting, document) VALUES (@id, @next, @waiting, @document)
        ON CONFLICT (lineage_id) DO UPDATE SET next_look = @next, is_waiting = @waiting, document = @document
        """,
        ("@id", state.LineageId),
        ("@next", state.NextLook),
        ("@waiting", state.NotBefore is not null),
        ("@document", RecordJson.Write(state)));

    public int CountWaiting() => (int)database.Number("SELECT COUNT(*) FROM renewal_state WHERE is_waiting = 1");

    public void LookAtAll() => _ = database.Execute("UPDATE renewal_state SET next_look = 0 WHERE next_look > 0 AND is_waiting = 0");

    public IReadOnlyList<RenewalHold> ListHolds(DateTimeOffset now) => database.Query(
        "SELECT scope, until, reason FROM renewal_holds WHERE until > @now",
        row => new RenewalHold(row.Text(0), row.Time(1), row.Text(2)),
        ("@now", now));

    public void PutHold(RenewalHold hold) => _ = database.Execute(
        """
        INSERT INTO renewal_holds (scope, until, reason) VALUES (@scope, @until, @reason)
        ON CONFLICT (scope) DO UPDATE SET until = @until, reason = @reason WHERE until < @until
        """,
        ("@scope", hold.Scope),
        ("@until", hold.Until),
        ("@reason", hold.Reason));

    public bool RemoveHold(string scope) => database.Execute("DELETE FROM renewal_holds WHERE scope = @scope", ("@scope", scope)) > 0;

    public decimal SumOfCharges(string policyId, int year, string exceptCertificateId) => database.Query(
        "SELECT amount FROM renewal_charges WHERE policy_id = @policy AND year = @year AND certificate_id <> @certificate",
        row => decimal.Parse(row.Text(0), CultureInfo.InvariantCulture),
        ("@policy", policyId),
        ("@year", year),
        ("@certificate", exceptCertificateId)).Sum();

    public void PutCharge(string certificateId, string policyId, int year, decimal amount) => _ = database.Execute(
        """
        INSERT INTO renewal_charges (certificate_id, year, policy_id, amount) VALUES (@certificate, @year, @policy, @amount)
        ON CONFLICT (certificate_id) DO UPDATE SET year = @year, policy_id = @policy, amount = @amount
        """,
        ("@certificate", certificateId),
        ("@year", year),
        ("@policy", policyId),
        ("@amount", amount.ToString(CultureInfo.InvariantCulture)));

    public void RemoveCharge(string certificateId) => _ = database.Execute("DELETE FROM renewal_charges WHERE certificate_id = @certificate", ("@certificate", certificateId));

    public DateTimeOffset? TakeTurn(string accountId, int most, DateTimeOffset now)
    {
        _ = database.Execute("DELETE FROM renewal_turns WHERE account_id = @account AND at <= @then", ("@account", accountId), ("@then", now.AddHours(-1)));
        List<DateTimeOffset> taken = database.Query("SELECT at FROM renewal_turns WHERE account_id = @account ORDER BY at", row => row.Time(0), ("@account", accountId));
        if (taken.Count >= most)
        {
            return taken[taken.Count - most].AddHours(1);
        }

        _ = database.Execute("INSERT INTO renewal_turns (account_id, at) VALUES (@account, @now)", ("@account", accountId), ("@now", now));
        return null;
    }

    public DateTimeOffset? LastSweep() => Time("SELECT at FROM renewal_sweep");

    public void PutLastSweep(DateTimeOffset at) => _ = database.Execute(
        "INSERT INTO renewal_sweep (id, at) VALUES (1, @at) ON CONFLICT (id) DO UPDATE SET at = @at", ("@at", at));

    private DateTimeOffset? Time(string sql)
    {
        List<DateTimeOffset> found = database.Query(sql, row => row.Time(0));
        return found.Count == 0 ? null : found[0];
    }
}
