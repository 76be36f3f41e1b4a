namespace KeyManager;

/// <summary>A form in which other programs read the audit trail.</summary>
public enum AuditFormat
{
    /// <summary>A table with a header line (RFC 4180), for spreadsheets.</summary>
    Csv,

    /// <summary>A JSON object in each line, for log collectors.</summary>
    JsonLines,

    /// <summary>Syslog messages (RFC 5424), facility 13 (log audit).</summary>
    Syslog,

    /// <summary>Common Event Format, version 0, for security information systems.</summary>
    Cef,
}
