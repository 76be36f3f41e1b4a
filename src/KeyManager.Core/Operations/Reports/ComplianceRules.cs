using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>What the CA/Browser Forum demands of certificates that browsers trust: longest life by the day of issue (Baseline Requirements 6.3.2, ballot SC-081).</summary>
internal static class ComplianceRules
{
    /// <summary>From when on a certificate may live no longer than so many days.</summary>
    public static IReadOnlyList<(DateTimeOffset From, int Days)> Steps { get; } =
        [(Day(2020, 9, 1), 398), (Day(2026, 3, 15), 200), (Day(2027, 3, 15), 100), (Day(2029, 3, 15), 47)];

    /// <summary>The most days that a certificate could have which began at a moment; <c>null</c> before there was a rule that matters here.</summary>
    public static int? Allowed(DateTimeOffset begin) => Steps.LastOrDefault(s => s.From <= begin) is { Days: > 0 } step ? step.Days : null;

    /// <summary>The steps that are still to come.</summary>
    public static IEnumerable<(DateTimeOffset From, int Days)> Coming(DateTimeOffset now) => Steps.Where(s => s.From > now);

    /// <summary>Lives longer than was allowed when it was issued: one measure for each step, which exclude each other.</summary>
    public static IEnumerable<CertificateMeasure> TooLong() => Steps.Select((step, i) => new CertificateMeasure
    {
        BeginsFrom = step.From,
        BeginsBefore = i + 1 < Steps.Count ? Steps[i + 1].From : null,
        LivesLonger = step.Days,
    });

    private static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
