using System;
using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>The append-only, hash-chained audit trail.</summary>
public interface IAuditLog
{
    /// <summary>Adds a line, in the same transaction as the change it tells of.</summary>
    AuditEvent Append(AuditEntry entry);

    /// <summary>A part of the lines, newest first; <paramref name="category"/> <c>null</c> for all, times inclusive and optional.</summary>
    Page<AuditEvent> Query(string? category, DateTimeOffset? from, DateTimeOffset? to, string? subject, string? after, int limit);

    /// <summary>Recomputes every hash from the first line on. Answers <c>null</c> when all is well, else what is wrong and at which number.</summary>
    string? Verify();

    /// <summary>The same, but everything that is wrong.</summary>
    IReadOnlyList<string> FindProblems();

    /// <summary>The lines behind a number, oldest first.</summary>
    IReadOnlyList<AuditEvent> ReadOn(long number, string? category, DateTimeOffset? from, DateTimeOffset? to, int limit);

    /// <summary>Removes the lines before a moment, from the first one on, and leaves a checkpoint; <c>null</c> when there was none to remove. The caller tells of it in the trail.</summary>
    AuditCheckpoint? Purge(DateTimeOffset before);
}
