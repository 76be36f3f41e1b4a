using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Operations;

/// <summary>A column of a report.</summary>
/// <param name="Name">Its name in JSON, which is that of the property.</param>
/// <param name="Title">What stands above it.</param>
/// <param name="Value">What stands in it: a text, a number, a moment (of which the day is shown), a list of texts, or nothing.</param>
internal sealed record ReportColumn(string Name, string Title, Func<ReportRow, object?> Value)
{
    private static readonly ReportColumn Entry = new(nameof(ReportRow.Name), "Name", r => r.Name);
    private static readonly ReportColumn Detail = new(nameof(ReportRow.Detail), "Detail", r => r.Detail);
    private static readonly ReportColumn End = new(nameof(ReportRow.NotAfter), "Ends", r => r.NotAfter);
    private static readonly ReportColumn Left = new(nameof(ReportRow.DaysLeft), "Days left", r => r.DaysLeft);
    private static readonly ReportColumn Issuer = new(nameof(ReportRow.Issuer), "Issuer", r => r.Issuer);
    private static readonly ReportColumn Key = new(nameof(ReportRow.Key), "Key", r => r.Key);
    private static readonly ReportColumn Signature = new(nameof(ReportRow.SignatureAlgorithm), "Signature", r => r.SignatureAlgorithm);
    private static readonly ReportColumn Account = new(nameof(ReportRow.Account), "Account", r => r.Account);
    private static readonly ReportColumn Owner = new(nameof(ReportRow.Owner), "Owner", r => r.Owner);
    private static readonly ReportColumn Group = new(nameof(ReportRow.Group), "Group", r => r.Group);
    private static readonly ReportColumn Tags = new(nameof(ReportRow.Tags), "Tags", r => r.Tags);

    /// <summary>What a reader sees.</summary>
    public static IReadOnlyList<ReportColumn> Shown(ReportType type) => type switch
    {
        ReportType.Expiry => [Entry, Result("Ends within"), End, Left, Detail, Issuer, Owner, Group, Tags],
        ReportType.Inventory => [Entry, Result("State"), End, Left, Key, Issuer, Account, Owner, Group, Tags],
        ReportType.Orders => [Entry, Result("State"), Begun("Ordered"), Account, Key, Detail, Owner, Group, Tags],
        ReportType.Renewals => [Entry, Result("State"), new(nameof(ReportRow.DueAt), "Due", r => r.DueAt), End, Detail, new(nameof(ReportRow.Policy), "Policy", r => r.Policy), Owner, Group, Tags],
        ReportType.Deployments => [Entry, new(nameof(ReportRow.Target), "Target", r => r.Target), Result("State"), Begun("Deployed"), Detail, Owner, Group, Tags],
        ReportType.KeyStrength => [Entry, Result("Strength"), Key, Signature, Detail, End, Issuer, Owner, Group, Tags],
        _ => [Entry, Result("Finding"), Detail, End, new(nameof(ReportRow.Life), "Days of life", r => r.Life), Key, Issuer, Owner, Group, Tags],
    };

    /// <summary>What goes into a file for other programs: everything there is.</summary>
    public static IReadOnlyList<ReportColumn> All(ReportType type)
    {
        List<ReportColumn> columns = [.. Shown(type)];
        ReportColumn[] others =
        [
            new(nameof(ReportRow.DomainNames), "Domain names", r => r.DomainNames.Select(n => n.Ascii).ToList()),
            new(nameof(ReportRow.Status), "State", r => r.Status),
            new(nameof(ReportRow.Start), "Begins", r => r.Start),
            new(nameof(ReportRow.SerialNumber), "Serial number", r => r.SerialNumber),
            new(nameof(ReportRow.Sha256Thumbprint), "SHA-256", r => r.Sha256Thumbprint),
            new(nameof(ReportRow.Subject), "Subject", r => r.Subject),
            Key,
            Signature,
            new(nameof(ReportRow.Authority), "Authority", r => r.Authority),
            Account,
            new(nameof(ReportRow.Note), "Note", r => r.Note),
            new(nameof(ReportRow.Id), "Id", r => r.Id),
        ];
        bool isCertificate = type is not (ReportType.Orders or ReportType.Deployments);
        string[] onlyOfCertificates = [nameof(ReportRow.Status), nameof(ReportRow.Sha256Thumbprint), nameof(ReportRow.Subject), nameof(ReportRow.SignatureAlgorithm)];
        columns.AddRange(others.Where(o => columns.All(c => c.Name != o.Name && c.Title != o.Title) && (isCertificate || !onlyOfCertificates.Contains(o.Name))));
        return columns;
    }

    private static ReportColumn Result(string title) => new(nameof(ReportRow.Result), title, r => r.Result);

    private static ReportColumn Begun(string title) => new(nameof(ReportRow.Start), title, r => r.Start);
}
