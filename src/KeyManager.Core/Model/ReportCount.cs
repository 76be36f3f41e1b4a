namespace KeyManager;

/// <summary>A number of a report: one bar of one of its charts.</summary>
/// <param name="Report">The report.</param>
/// <param name="Chart">What is counted, such as "Ends within".</param>
/// <param name="Label">Which of them, such as "7 days".</param>
/// <param name="Count">How many.</param>
/// <param name="Tone">Whether somebody should do something about it.</param>
public sealed record ReportCount(ReportType Report, string Chart, string Label, long Count, ReportTone Tone)
{
    public override string ToString() => System.FormattableString.Invariant($"{Label}: {Count}");
}
