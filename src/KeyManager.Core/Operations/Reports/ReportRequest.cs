using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>What a report is about.</summary>
public sealed record ReportRequest
{
    /// <summary>Its kind.</summary>
    public required ReportType Type { get; init; }

    /// <summary>Only what has such labels.</summary>
    public LabelFilter Labels { get; init; } = LabelFilter.None;

    /// <summary>Only entries with such names, with the wildcards * and ?; empty for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Only these certificates, by id; <c>null</c> for all that are current.</summary>
    public IReadOnlyList<string>? CertificateIds { get; init; }

    /// <summary>True when it is about everything.</summary>
    internal bool IsAboutAll => Labels.IsEmpty && Names.Count == 0 && CertificateIds is null;
}
