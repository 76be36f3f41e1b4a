using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using KeyManager.Files;

namespace KeyManager.Operations;

/// <summary>Makes reports, and writes them for people and programs.</summary>
public sealed class ManageReports(KeyManagerPorts ports)
{
    /// <summary>As many lines a page for a browser holds; its numbers count all.</summary>
    public const int MostOnPage = 10_000;

    /// <summary>Counts now; lines are read when they are taken.</summary>
    public Report Make(ReportRequest request)
    {
        Guard.NotNull(request);
        DateTimeOffset now = ports.Clock.UtcNow;
        ReportRows rows = new(ports, now);
        (string title, string description) = Words(request.Type);
        string about = request.Labels.IsEmpty ? "" : $" ({request.Labels})";
        return new Report
        {
            Type = request.Type,
            Title = title + about,
            Description = description,
            CreatedAt = now,
            Counts = new CountReport(ports, rows, now).Run(request),
            Rows = rows.Read(request),
        };
    }

    /// <summary>Writes a report; answers how many lines it has.</summary>
    public long Write(Report report, ReportFormat format, TextWriter writer, CancellationToken cancellationToken)
    {
        Guard.NotNull(report);
        Guard.NotNull(writer);
        Action check = cancellationToken.ThrowIfCancellationRequested;
        return format switch
        {
            ReportFormat.Csv => ReportText.WriteCsv(writer, report, check),
            ReportFormat.Json => ReportText.WriteJson(writer, report, check),
            ReportFormat.JsonLines => ReportText.WriteJsonLines(writer, report, check),
            _ => ReportPage.Write(writer, report, check),
        };
    }

    /// <summary>Writes a report into a file: whole or not at all; answers how many lines it has.</summary>
    /// <exception cref="ConflictException">KmFileExists.</exception>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    public long WriteTo(string path, Report report, ReportFormat format, bool overwrite, CancellationToken cancellationToken)
    {
        long count = 0;
        WholeFile.Write(path, overwrite, writer =>
        {
            if (format == ReportFormat.Csv)
            {
                writer.Write('\uFEFF'); // without it Excel takes the file for one of its old code page
            }

            count = Write(report, format, writer, cancellationToken);
        });
        return count;
    }

    /// <summary>The page as a file that a mail can carry.</summary>
    internal byte[] Page(Report report, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        using (StreamWriter writer = new(bytes, new UTF8Encoding(false)))
        {
            _ = Write(report, ReportFormat.Html, writer, cancellationToken);
        }

        return bytes.ToArray();
    }

    /// <summary>The numbers that matter, in one line.</summary>
    internal static string Headline(Report report)
    {
        string text = string.Join(", ", report.Urgent.Take(4).Select(c => $"{c.Chart.ToLowerInvariant()} {c.Label}: {c.Count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)}"));
        return text.Length == 0 ? $"{report.Title}: nothing to do" : $"{report.Title}: {text}";
    }

    private static (string Title, string Description) Words(ReportType type) => type switch
    {
        ReportType.Expiry => ("Certificates by their end", "The current version of every entry that is not revoked, soonest end first."),
        ReportType.Inventory => ("Inventory", "The current version of every entry."),
        ReportType.Orders => ("Certificate orders", "All orders, newest first."),
        ReportType.Renewals => ("Renewals", "What the next run of Invoke-KmRenewal does with each certificate, and why; soonest end first."),
        ReportType.Deployments => ("Deployments", "The newest deployment of each certificate to each target."),
        ReportType.KeyStrength => ("Strength of keys and signatures", "Weak is what can be broken or forged today: RSA below 2048 bits, curves below 256, DSA, and signatures with SHA-1 or MD5."),
        _ => ("Compliance", "Rules of the CA/Browser Forum for certificates that browsers trust: at most 200 days of life for what is issued from 2026-03-15 on, 100 from 2027-03-15, 47 from 2029-03-15, and no proof by e-mail from 2028-03-15. Only certificates with a finding are listed; those of a private authority are judged by their keys alone."),
    };
}
