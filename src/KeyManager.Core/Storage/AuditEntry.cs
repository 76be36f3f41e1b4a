namespace KeyManager.Storage;

/// <summary>What a caller says about something that happened; the audit log adds number, time, user, machine and hash.</summary>
public sealed record AuditEntry(string Category, string Action, string SubjectId = "", string SubjectName = "", string Detail = "", bool Succeeded = true);
