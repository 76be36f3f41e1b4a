using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Operations;

/// <summary>A report: its numbers, and its lines as they are read.</summary>
public sealed class Report
{
    /// <summary>Its kind.</summary>
    public required ReportType Type { get; init; }

    /// <summary>What stands above it.</summary>
    public required string Title { get; init; }

    /// <summary>What it says and leaves out, in a sentence or two.</summary>
    public required string Description { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The numbers, chart after chart.</summary>
    public required IReadOnlyList<ReportCount> Counts { get; init; }

    /// <summary>The lines, the most urgent ones first; read from the store while they are taken.</summary>
    public required IEnumerable<ReportRow> Rows { get; init; }

    /// <summary>The numbers that somebody should look at, worst first.</summary>
    internal IEnumerable<ReportCount> Urgent => Counts.Where(c => c.Count > 0 && c.Tone is ReportTone.Bad or ReportTone.Warning).OrderByDescending(c => c.Tone);

    public override string ToString() => Title;
}
