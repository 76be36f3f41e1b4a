using System;
using System.Globalization;
using System.Threading;
using KeyManager.Notifications;

namespace KeyManager.Operations;

/// <summary>Reports as notices: when one is due, and the message that it becomes. The numbers are those of the moment in which it is sent.</summary>
internal sealed class SendReport(KeyManagerPorts ports)
{
    private const string KeyStart = "report:";
    private readonly ManageReports _reports = new(ports);

    /// <summary>The same within a day, week or month.</summary>
    public static string Key(ReportType type, ReportInterval interval, DateTimeOffset now)
    {
        // 1970-01-01 was a Thursday.
        long day = (long)Math.Floor((now - DateTimeOffset.FromUnixTimeSeconds(0)).TotalDays);
        string period = interval switch
        {
            ReportInterval.Day => "d" + day.ToString(CultureInfo.InvariantCulture),
            ReportInterval.Month => "m" + now.UtcDateTime.ToString("yyyyMM", CultureInfo.InvariantCulture),
            _ => "w" + ((day + 3) / 7).ToString(CultureInfo.InvariantCulture),
        };
        return $"{KeyStart}{type}:{period}";
    }

    /// <summary>The message; the page goes with it where the channel carries files.</summary>
    public NotificationMessage Compose(NotificationPolicy policy, Notice notice, CancellationToken cancellationToken)
    {
        ReportType type = (ReportType)Enum.Parse(typeof(ReportType), notice.Name);
        Report report = _reports.Make(new ReportRequest { Type = type, Labels = policy.Labels, Names = policy.CertificateNames });
        string subject = $"{policy.SubjectPrefix} {ManageReports.Headline(report)}".Trim();
        string file = $"keymanager-{type.ToString().ToLowerInvariant()}-{ReportText.Day(report.CreatedAt)}.html";
        return new NotificationMessage(
            ReportText.Visible(subject.Length > 200 ? subject.Substring(0, 197) + "..." : subject, 200),
            $"{report.Title}\n{report.Description}\n\n{ReportText.Numbers(report)}",
            [notice],
            policy.Channel == NotificationChannel.Mail ? [new NotificationAttachment(file, "text/html", _reports.Page(report, cancellationToken))] : []);
    }
}
