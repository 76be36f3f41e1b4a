using System;
using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>The notices.</summary>
internal sealed class NoticeTable(Database database) : INoticeStore
{
    public bool Add(Notice notice) => database.Execute(
        "INSERT OR IGNORE INTO notices (id, policy_id, key, created_at, next_attempt, document) VALUES (@id, @policy, @key, @created, @next, @document)", Values(notice)) > 0;

    public void Update(Notice notice) => _ = database.Execute("UPDATE notices SET next_attempt = @next, document = @document WHERE id = @id", Values(notice));

    public IReadOnlyList<Notice> ListPending(string policyId, DateTimeOffset now) => database.Query(
        "SELECT document FROM notices WHERE next_attempt <= @now AND policy_id = @policy ORDER BY created_at, id",
        row => RecordJson.Read<Notice>(row.Text(0)),
        ("@policy", policyId),
        ("@now", now));

    public void Forget(DateTimeOffset before) => _ = database.Execute("DELETE FROM notices WHERE created_at < @before AND next_attempt IS NULL", ("@before", before));

    private static (string Name, object? Value)[] Values(Notice notice) =>
    [
        ("@id", notice.Id),
        ("@policy", notice.PolicyId),
        ("@key", notice.Key),
        ("@created", notice.CreatedAt),
        ("@next", notice.NextAttempt),
        ("@document", RecordJson.Write(notice)),
    ];
}
