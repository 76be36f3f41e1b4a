using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;
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
            User = Environment.UserName,
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
        if (category is not null)
        {
            search.Where("category = @category", ("@category", category));
        }

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

    public string? Verify()
    {
        long expected = 1;
        string hash = Genesis();
        foreach (AuditEvent line in database.Stream($"SELECT {Columns} FROM audit_log ORDER BY number", Read))
        {
            if (line.Number != expected)
            {
                return line.Number > expected
                    ? $"Line {expected} is missing."
                    : $"Line {line.Number} does not belong there.";
            }

            if (line.Hash != ComputeHash(hash, line))
            {
                return $"Line {line.Number} was changed.";
            }

            hash = line.Hash;
            expected++;
        }

        if (FindHead() is not var (headNumber, headHash))
        {
            return expected == 1 ? "Line 1 is missing: the trail is empty." : "The record of the last line is missing.";
        }

        return headNumber switch
        {
            _ when headNumber > expected - 1 => $"Line {expected} is missing: the trail ended with line {headNumber}.",
            _ when headNumber < expected - 1 => $"Line {headNumber + 1} was added by something other than KeyManager.",
            _ when headHash != hash => $"Line {headNumber} was changed.",
            _ => null,
        };
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

    private static string ComputeHash(string previous, AuditEvent line) => Hash(
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
    private static string Hash(params string[] fields)
    {
        using MemoryStream bytes = new();
        foreach (string field in fields)
        {
            byte[] text = Encoding.UTF8.GetBytes(field);
            bytes.Write([(byte)(text.Length >> 24), (byte)(text.Length >> 16), (byte)(text.Length >> 8), (byte)text.Length], 0, 4);
            bytes.Write(text, 0, text.Length);
        }

        using SHA256 sha256 = SHA256.Create();
        return Hexadecimal.Encode(sha256.ComputeHash(bytes.ToArray())).ToLowerInvariant();
    }

    /// <summary>What stands before the first line; binds the trail to its store.</summary>
    private string Genesis() => Hash("KeyManager audit trail", "1", storeId);

    private (long Number, string Hash)? FindHead()
    {
        List<(long Number, string Hash)> heads = database.Query("SELECT number, hash FROM audit_head", row => (row.Number(0), row.Text(1)));
        return heads.Count == 1 ? heads[0] : null;
    }

    /// <summary>The start of a trail; only a store just made has none yet.</summary>
    private (long Number, string Hash) Begin() => !database.Any("SELECT 1 FROM audit_log")
        ? (0, Genesis())
        : throw new StoreException(ErrorIds.AuditTrailBroken, "The audit trail was tampered with: the record of its last line is missing.")
        {
            Remedy = "Restore the store from a backup; keep this one for whoever looks into it.",
        };
}
