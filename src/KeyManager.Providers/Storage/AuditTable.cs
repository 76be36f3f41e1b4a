using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>
/// The audit trail. Each line's hash covers the hash before it, so a changed, missing or inserted line breaks every hash after it; the head
/// row covers the end, which a chain alone cannot. This finds meddling, and is no proof against somebody who recomputes the whole chain.
/// </summary>
internal sealed class AuditTable(Database database, Clock clock, string storeId) : IAuditLog
{
    private const string Columns = "number, time, category, action, subject_id, subject_name, succeeded, detail, user, machine, hash";

    public AuditEvent Append(AuditEntry entry)
    {
        (long number, string hash) = FindHead() ?? Begin();
        AuditEvent line = new()
        {
            Number = number + 1,
            Time = clock.UtcNow,
            Category = entry.Category,
            Action = entry.Action,
            SubjectId = entry.SubjectId,
            SubjectName = entry.SubjectName,
            Succeeded = entry.Succeeded,
            Detail = entry.Detail,
            User = CurrentUser.Name,
            Machine = Environment.MachineName,
        };
        line = line with { Hash = ComputeHash(hash, line) };
        _ = database.Execute(
            $"""
            INSERT INTO audit_log ({Columns})
            VALUES (@number, @time, @category, @action, @subject_id, @subject_name, @succeeded, @detail, @user, @machine, @hash)
            """,
            ("@number", line.Number),
            ("@time", line.Time),
            ("@category", line.Category),
            ("@action", line.Action),
            ("@subject_id", line.SubjectId),
            ("@subject_name", line.SubjectName),
            ("@succeeded", line.Succeeded),
            ("@detail", line.Detail),
            ("@user", line.User),
            ("@machine", line.Machine),
            ("@hash", line.Hash));
        _ = database.Execute(
            "INSERT INTO audit_head (id, number, hash) VALUES (1, @number, @hash) ON CONFLICT (id) DO UPDATE SET number = excluded.number, hash = excluded.hash",
            ("@number", line.Number),
            ("@hash", line.Hash));
        return line;
    }

    public Page<AuditEvent> Query(string? category, DateTimeOffset? from, DateTimeOffset? to, string? subject, string? after, int limit)
    {
        SearchBuilder search = new();
        search.WhereIs("category", "@category", category);
        if (from is not null)
        {
            search.Where("time >= @from", ("@from", from));
        }

        if (to is not null)
        {
            search.Where("time <= @to", ("@to", to));
        }

        if (subject is not null)
        {
            search.Where("subject_id = @subject OR subject_name = @subject", ("@subject", subject));
        }

        if (after is not null)
        {
            search.Where("number < @after", ("@after", long.Parse(Cursor.Decode(after, 1)[0], CultureInfo.InvariantCulture)));
        }

        search.Value("@limit", limit + 1);
        List<AuditEvent> rows = database.Query(
            $"SELECT {Columns} FROM audit_log WHERE {search.Condition} ORDER BY number DESC LIMIT @limit",
            Read,
            [.. search.Values]);
        return Cursor.ToPage(rows, limit, line => Cursor.Encode(line.Number.ToString(CultureInfo.InvariantCulture)));
    }

    public IReadOnlyList<AuditEvent> ReadOn(long number, string? category, DateTimeOffset? from, DateTimeOffset? to, int limit) => database.Query(
        $"""
        SELECT {Columns} FROM audit_log
        WHERE number > @after AND (@category IS NULL OR category = @category) AND (@from IS NULL OR time >= @from) AND (@to IS NULL OR time <= @to)
        ORDER BY number LIMIT @limit
        """,
        Read,
        ("@after", number),
        ("@category", category),
        ("@from", from),
        ("@to", to),
        ("@limit", limit));

    public AuditCheckpoint? Purge(DateTimeOffset before)
    {
        // The clock may have gone back: what stands before the first line that is young enough goes, and nothing behind it.
        long last = database.Any("SELECT 1 FROM audit_log WHERE time >= @before", ("@before", before))
            ? database.Number("SELECT MIN(number) FROM audit_log WHERE time >= @before", ("@before", before)) - 1
            : database.Number("SELECT MAX(number) FROM audit_log");
        string? hash = database.Text("SELECT hash FROM audit_log WHERE number = @last", ("@last", last));
        if (hash is null)
        {
            return null;
        }

        _ = database.Execute("INSERT INTO audit_checkpoints (number, hash, created_at) VALUES (@last, @hash, @now)", ("@last", last), ("@hash", hash), ("@now", clock.UtcNow));
        return new AuditCheckpoint(last, hash, database.Execute("DELETE FROM audit_log WHERE number <= @last", ("@last", last)));
    }

    public string? Verify() => Problems().FirstOrDefault();

    public IReadOnlyList<string> FindProblems() => [.. Problems()];

    private IEnumerable<string> Problems()
    {
        using SHA256 sha256 = SHA256.Create();
        byte[] buffer = new byte[4096];
        long expected = 1;
        string hash = Genesis();
        (long Number, string Hash)? cut = Last("SELECT number, hash FROM audit_checkpoints ORDER BY number DESC LIMIT 1");
        bool isProven = cut is null;
        string proof = "";
        if (cut is var (cutNumber, cutHash))
        {
            expected = cutNumber + 1;
            hash = cutHash;
            proof = $"up to line {cutNumber.ToString(CultureInfo.InvariantCulture)} with hash {cutHash}";
        }

        foreach (AuditEvent line in database.Stream($"SELECT {Columns} FROM audit_log ORDER BY number", Read))
        {
            if (line.Number > expected)
            {
                yield return line.Number == expected + 1 ? $"Line {expected} is missing." : $"Line {expected} is missing, and so are those up to {line.Number - 1}.";
            }
            else if (line.Number < expected)
            {
                yield return $"Line {line.Number} does not belong there.";
                continue;
            }
            else if (line.Hash != ComputeHash(sha256, ref buffer, hash, line))
            {
                yield return $"Line {line.Number} was changed.";
            }

            isProven |= line.Action == "AuditPurged" && line.Detail.EndsWith(proof, StringComparison.Ordinal);

            // Going on from what stands there, the next problem is a problem of its own.
            hash = line.Hash;
            expected = line.Number + 1;
        }

        if (!isProven)
        {
            yield return $"The trail was cut off {proof}, and no line of it tells of that.";
        }

        if (FindHead() is not var (headNumber, headHash))
        {
            yield return expected == 1 ? "Line 1 is missing: the trail is empty." : "The record of the last line is missing.";
        }
        else if (headNumber > expected - 1)
        {
            yield return $"Line {expected} is missing: the trail ended with line {headNumber}.";
        }
        else if (headNumber < expected - 1)
        {
            yield return $"Line {headNumber + 1} was added by something other than KeyManager.";
        }
        else if (headHash != hash)
        {
            yield return $"Line {headNumber} was changed.";
        }
    }

    private static AuditEvent Read(Row row) => new()
    {
        Number = row.Number(0),
        Time = row.Time(1),
        Category = row.Text(2),
        Action = row.Text(3),
        SubjectId = row.Text(4),
        SubjectName = row.Text(5),
        Succeeded = row.Flag(6),
        Detail = row.Text(7),
        User = row.Text(8),
        Machine = row.Text(9),
        Hash = row.Text(10),
    };

    private static string ComputeHash(string previous, AuditEvent line)
    {
        using SHA256 sha256 = SHA256.Create();
        byte[] buffer = new byte[4096];
        return ComputeHash(sha256, ref buffer, previous, line);
    }

    private static string ComputeHash(SHA256 sha256, ref byte[] buffer, string previous, AuditEvent line) => Hash(
        sha256,
        ref buffer,
        previous,
        line.Number.ToString(CultureInfo.InvariantCulture),
        StoredTime.ToNumber(line.Time).ToString(CultureInfo.InvariantCulture),
        line.Category,
        line.Action,
        line.SubjectId,
        line.SubjectName,
        line.Succeeded ? "1" : "0",
        line.Detail,
        line.User,
        line.Machine);

    /// <summary>SHA-256 over the fields, each with its length before it, so that no two different lines are the same bytes.</summary>
    private static string Hash(SHA256 sha256, ref byte[] buffer, params string[] fields)
    {
        int length = 0;
        foreach (string field in fields)
        {
            int most = length + 4 + Encoding.UTF8.GetMaxByteCount(field.Length);
            if (most > buffer.Length)
            {
                Array.Resize(ref buffer, most * 2);
            }

            int written = Encoding.UTF8.GetBytes(field, 0, field.Length, buffer, length + 4);
            buffer[length] = (byte)(written >> 24);
            buffer[length + 1] = (byte)(written >> 16);
            buffer[length + 2] = (byte)(written >> 8);
            buffer[length + 3] = (byte)written;
            length += 4 + written;
        }

        return Hashes.ToHex(sha256.ComputeHash(buffer, 0, length)).ToLowerInvariant();
    }

    /// <summary>What stands before the first line; binds the trail to its store.</summary>
    private string Genesis()
    {
        using SHA256 sha256 = SHA256.Create();
        byte[] buffer = new byte[256];
        return Hash(sha256, ref buffer, "KeyManager audit trail", "1", storeId);
    }

    private (long Number, string Hash)? FindHead() => Last("SELECT number, hash FROM audit_head");

    private (long Number, string Hash)? Last(string sql)
    {
        List<(long Number, string Hash)> found = database.Query(sql, row => (row.Number(0), row.Text(1)));
        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>The start of a trail; only a store just made has none yet.</summary>
    private (long Number, string Hash) Begin() => !database.Any("SELECT 1 FROM audit_log")
        ? (0, Genesis())
        : throw new StoreException(ErrorIds.AuditTrailBroken, "The audit trail was tampered with: the record of its last line is missing.")
        {
            Remedy = "Restore the store from a backup; keep this one for whoever looks into it.",
        };
}
