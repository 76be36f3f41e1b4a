namespace KeyManager;

/// <summary>The form in which a report is written.</summary>
public enum ReportFormat
{
    /// <summary>A table for a spreadsheet (RFC 4180, UTF-8).</summary>
    Csv,

    /// <summary>One JSON document with the numbers and the lines.</summary>
    Json,

    /// <summary>One JSON object on each line.</summary>
    JsonLines,

    /// <summary>One page for a browser, with charts, which needs nothing beside it.</summary>
    Html,
}
