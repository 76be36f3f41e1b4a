using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KeyManager.Bench;

/// <summary>A small table: what, median, p90, the bar, and whether it was met.</summary>
internal static class Report
{
    private const string Layout = "  {0,-62} {1,12} {2,12}   {3}";

    public static void Begin(string title)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        Console.WriteLine(string.Format(CultureInfo.InvariantCulture, Layout, "", "median", "p90", "bar"));
    }

    /// <summary>Many measurements of one thing.</summary>
    /// <param name="what">The thing.</param>
    /// <param name="values">The measurements.</param>
    /// <param name="unit">Their unit; empty for a count.</param>
    /// <param name="atMost">The bar for the median; <c>null</c> for none.</param>
    public static void Add(string what, IEnumerable<double> values, string unit, double? atMost = null)
    {
        double[] sorted = [.. values.Order()];
        double median = At(sorted, 0.5);
        Line(what, Text(median, unit), Text(At(sorted, 0.9), unit), atMost is double bar ? $"<= {Text(bar, unit)} {Verdict(median <= bar)}" : "");
    }

    /// <summary>One measurement.</summary>
    public static void AddOne(string what, double value, string unit, double? atMost = null, double? atLeast = null) => Line(
        what,
        Text(value, unit),
        "",
        atMost is double most ? $"<= {Text(most, unit)} {Verdict(value <= most)}" : atLeast is double least ? $">= {Text(least, unit)} {Verdict(value >= least)}" : "");

    /// <summary>Why something was not measured.</summary>
    public static void Skip(string what, string reason) => Line(what, "not run", "", reason);

    /// <summary>The one in the middle.</summary>
    public static double Median(IEnumerable<double> values) => At([.. values.Order()], 0.5);

    private static double At(double[] sorted, double part) => sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];

    private static string Text(double value, string unit) => unit switch
    {
        "" => string.Create(CultureInfo.InvariantCulture, $"{value:0}"),
        "x" => string.Create(CultureInfo.InvariantCulture, $"{value:0.00} x"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {unit}"),
    };

    private static string Verdict(bool met) => met ? "met" : "MISSED";

    private static void Line(string what, string median, string p90, string bar) =>
        Console.WriteLine(string.Format(CultureInfo.InvariantCulture, Layout, what, median, p90, bar).TrimEnd());
}
