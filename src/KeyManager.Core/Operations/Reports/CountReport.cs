using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>The numbers of reports. Those about everything come from the counts of the store, the others from what they are about; both are put together here in the same way.</summary>
internal sealed class CountReport(KeyManagerPorts ports, ReportRows rows, DateTimeOffset now)
{
    private const int MostBars = 12;
    private const int Months = 12;
    private const string Others = "(others)";

    private static readonly int[] Lives = [47, 100, 200, 398];

    private readonly List<ReportCount> _counts = [];

    public IReadOnlyList<ReportCount> Run(ReportRequest request)
    {
        switch (request.Type)
        {
            case ReportType.Orders:
                Orders(request);
                break;
            case ReportType.Renewals:
                Renewals(request);
                break;
            case ReportType.Deployments:
                Deployments(request);
                break;
            case ReportType.Expiry:
                Expiry(request);
                break;
            case ReportType.Inventory:
                Inventory(request);
                break;
            case ReportType.KeyStrength:
                Keys(request);
                break;
            default:
                Compliance(request);
                break;
        }

        return _counts;
    }

    private void Expiry(ReportRequest request)
    {
        DateTimeOffset month = new(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero);
        List<DateTimeOffset> moments = [.. ReportRows.Ends.Select(e => now.AddDays(e.Days)), .. Enumerable.Range(0, Months + 1).Select(i => month.AddMonths(i))];
        List<CertificateTally> tallies = [.. Tally(request, [.. moments.Select(m => new CertificateMeasure { EndsBefore = m })]).Where(t => t.Status != CertificateStatus.Revoked)];
        long before = 0;
        for (int i = 0; i < ReportRows.Ends.Count; i++)
        {
            long until = tallies.Sum(t => t.Measures[i]);
            Add(request, "Ends within", ReportRows.Ends[i].Label, until - before, ReportRows.Ends[i].Tone);
            before = until;
        }

        Add(request, "Ends within", ReportRows.Later, tallies.Sum(t => t.Count) - before, ReportTone.Good);
        for (int i = 0; i < Months; i++)
        {
            int at = ReportRows.Ends.Count + i;
            Add(request, "Ends in", month.AddMonths(i).ToString("yyyy-MM", CultureInfo.InvariantCulture), tallies.Sum(t => t.Measures[at + 1] - t.Measures[at]), ReportTone.Neutral);
        }
    }

    private void Inventory(ReportRequest request)
    {
        IReadOnlyList<CertificateTally> tallies = Tally(request, [new CertificateMeasure { EndsBefore = now }, new CertificateMeasure { HasNoOrder = true }]);
        long expired = tallies.Where(t => t.Status == CertificateStatus.Valid).Sum(t => t.Measures[0]);
        Add(request, "State", "Valid", tallies.Where(t => t.Status == CertificateStatus.Valid).Sum(t => t.Count) - expired, ReportTone.Good);
        Add(request, "State", "Expired", expired, ReportTone.Bad);
        Add(request, "State", "Revoked", tallies.Where(t => t.Status == CertificateStatus.Revoked).Sum(t => t.Count), ReportTone.Bad);
        long byHand = tallies.Sum(t => t.Measures[1]);
        Add(request, "Renewed", "with an order", tallies.Sum(t => t.Count) - byHand, ReportTone.Good);
        Add(request, "Renewed", "by hand", byHand, ReportTone.Warning);
        AddLargest(request, "Authority", tallies.GroupBy(t => t.Authority ?? "(not ordered here)").Select(g => (g.Key, g.Sum(t => t.Count))));
        Issuers(request);
        AddLargest(request, "Key", tallies.GroupBy(t => t.KeyDescription).Select(g => (g.Key, g.Sum(t => t.Count))));
        foreach (LabelKind kind in new[] { LabelKind.Owner, LabelKind.Group })
        {
            IEnumerable<(string?, long)> entries = request.IsAboutAll
                ? ports.Store.Read(session => session.Reports.CountEntries(kind))
                : rows.Certificates(request, soonest: false).GroupBy(c => kind == LabelKind.Owner ? c.Owner : c.Group, StringComparer.OrdinalIgnoreCase).Select(g => (g.Key, g.LongCount()));
            AddLargest(request, kind.ToString(), entries.Select(e => (e.Item1 ?? "(none)", e.Item2)));
        }
    }

    private void Issuers(ReportRequest request)
    {
        if (!request.IsAboutAll)
        {
            AddLargest(request, "Issuer", rows.Certificates(request, soonest: false).GroupBy(c => c.Issuer).Select(g => (g.Key, g.LongCount())));
            return;
        }

        (IReadOnlyList<(string, long)> found, long others) = ports.Store.Read(session => (session.Reports.CountIssuers(MostBars, out long rest), rest));
        AddLargest(request, "Issuer", found);
        if (others > 0)
        {
            Add(request, "Issuer", Others, others, ReportTone.Neutral);
        }
    }

    private void Keys(ReportRequest request)
    {
        IReadOnlyList<CertificateTally> tallies = Tally(request, []);
        ILookup<string, CertificateTally> byStrength = tallies.ToLookup(t => KeyStrength.Judge(t.KeyDescription, t.SignatureAlgorithm).Word);
        foreach ((string word, ReportTone tone) in new[] { (KeyStrength.Weak, ReportTone.Bad), (KeyStrength.Unknown, ReportTone.Warning), (KeyStrength.Sufficient, ReportTone.Neutral), (KeyStrength.Strong, ReportTone.Good) })
        {
            Add(request, "Strength", word, byStrength[word].Sum(t => t.Count), tone);
        }

        AddLargest(request, "Key", tallies.GroupBy(t => t.KeyDescription).Select(g => (g.Key, g.Sum(t => t.Count))));
        AddLargest(request, "Signature", tallies.GroupBy(t => t.SignatureAlgorithm).Select(g => (g.Key, g.Sum(t => t.Count))));
    }

    private void Compliance(ReportRequest request)
    {
        List<CertificateMeasure> tooLong = [.. ComplianceRules.TooLong()];
        List<CertificateMeasure> measures = [.. tooLong, .. Lives.Select(days => new CertificateMeasure { LivesLonger = days })];
        List<CertificateTally> all = [.. Tally(request, measures).Where(t => t.Status != CertificateStatus.Revoked)];
        List<CertificateTally> open = [.. all.Where(t => rows.IsPublic(t.Authority))];
        long bad = open.Sum(t => t.Measures.Take(tooLong.Count).Sum());
        Add(request, "Life when issued", "longer than allowed", bad, ReportTone.Bad);
        Add(request, "Life when issued", "as allowed", open.Sum(t => t.Count) - bad, ReportTone.Good);
        Add(request, "Life when issued", "of a private authority", all.Sum(t => t.Count) - open.Sum(t => t.Count), ReportTone.Neutral);

        long longer = open.Sum(t => t.Count);
        for (int i = 0; i < Lives.Length; i++)
        {
            long beyond = open.Sum(t => t.Measures[tooLong.Count + i]);
            Add(request, "Days of life", i == 0 ? "up to 46" : string.Format(CultureInfo.InvariantCulture, "{0} to {1}", Lives[i - 1], Lives[i] - 1), longer - beyond, ReportTone.Neutral);
            longer = beyond;
        }

        Add(request, "Days of life", "398 and more", longer, ReportTone.Neutral);
        foreach ((DateTimeOffset from, int days) in ComplianceRules.Coming(now))
        {
            Add(request, "Renewed shorter", string.Format(CultureInfo.InvariantCulture, "from {0}: {1} days", RenewalTimes.Day(from), days), open.Sum(t => t.Measures[tooLong.Count + Array.IndexOf(Lives, days)]), ReportTone.Warning);
        }

        Add(request, "Key", "weak", all.Where(t => KeyStrength.Judge(t.KeyDescription, t.SignatureAlgorithm).Tone == ReportTone.Bad).Sum(t => t.Count), ReportTone.Bad);
        (long certificates, long orders) = ByEmail(request);
        Add(request, "Proof by e-mail, until 2028-03-15", "certificates", certificates, ReportTone.Warning);
        Add(request, "Proof by e-mail, until 2028-03-15", "open orders", orders, ReportTone.Warning);
    }

    private void Orders(ReportRequest request)
    {
        IEnumerable<(OrderStatus Status, long Count)> byStatus;
        IEnumerable<(string Account, long Count)> byAccount;
        if (request.IsAboutAll)
        {
            (byStatus, byAccount) = ports.Store.Read(session => (
                session.Reports.CountOrdersByStatus(),
                session.Reports.CountOrdersByAccount().Select(c => (session.Accounts.Find(c.AccountId)?.Name ?? "(removed)", c.Count)).ToList()));
        }
        else
        {
            Dictionary<OrderStatus, long> statuses = [];
            Dictionary<string, long> accounts = [];
            foreach (CertificateOrder order in rows.Orders(request))
            {
                statuses[order.Status] = statuses.TryGetValue(order.Status, out long count) ? count + 1 : 1;
                accounts[order.Account] = accounts.TryGetValue(order.Account, out count) ? count + 1 : 1;
            }

            (byStatus, byAccount) = (statuses.Select(s => (s.Key, s.Value)), accounts.Select(a => (a.Key, a.Value)));
        }

        foreach ((OrderStatus status, long count) in byStatus.OrderByDescending(s => ReportRows.OrderTone(s.Status)).ThenBy(s => s.Status))
        {
            Add(request, "State", status.ToString(), count, ReportRows.OrderTone(status));
        }

        AddLargest(request, "Account", byAccount.GroupBy(a => a.Account).Select(g => (g.Key, g.Sum(a => a.Count))));
    }

    private void Renewals(ReportRequest request)
    {
        List<(string Label, DateTimeOffset Before)> moments = [("by the next run", now), ("a day", now.AddDays(1)), ("7 days", now.AddDays(7)), ("30 days", now.AddDays(30))];
        long waiting, never;
        IReadOnlyList<long> before;
        if (request.IsAboutAll)
        {
            IReadOnlyList<(string Action, long Count)> audit;
            ((waiting, before, never), audit) = ports.Store.Read(session => (session.Reports.CountRenewals([.. moments.Select(m => m.Before), DateTimeOffset.MaxValue]), session.Reports.CountAudit("AutoRenewal", now.AddDays(-30))));
            Add(request, "Last 30 days", "renewed", audit.Where(a => a.Action == "CertificateRenewed").Sum(a => a.Count), ReportTone.Good);
            Add(request, "Last 30 days", "attempts failed", audit.Where(a => a.Action == "RenewalFailed").Sum(a => a.Count), ReportTone.Bad);
        }
        else
        {
            List<RenewalState?> states = [.. rows.Certificates(request, soonest: true).Where(c => c.IsCurrent).Select(c => ports.Store.Read(session => session.Renewals.Find(c.LineageId)))];
            waiting = states.Count(s => s?.NotBefore is not null);
            never = states.Count(s => s is null);
            before = [.. moments.Select(m => (long)states.Count(s => s is not null && s.NextLook <= m.Before)), states.Count(s => s is not null)];
        }

        Add(request, "Now", "wait after a failure", waiting, ReportTone.Bad);
        Add(request, "Looked at again", "never looked at yet", never, ReportTone.Warning);
        long last = 0;
        for (int i = 0; i < moments.Count; i++)
        {
            Add(request, "Looked at again", moments[i].Label, before[i] - last, ReportTone.Neutral);
            last = before[i];
        }

        Add(request, "Looked at again", ReportRows.Later, before[moments.Count] - last, ReportTone.Neutral);
    }

    private void Deployments(ReportRequest request)
    {
        List<(DeploymentStatus Status, string Target, long Count)> all = request.IsAboutAll
            ? [.. ports.Store.Read(session => session.Reports.CountDeployments())]
            : [.. rows.Deployments(request).GroupBy(d => (d.Deployment.Status, d.Deployment.Target)).Select(g => (g.Key.Status, g.Key.Target, g.LongCount()))];
        foreach (IGrouping<DeploymentStatus, (DeploymentStatus Status, string Target, long Count)> group in all.GroupBy(a => a.Status).OrderByDescending(g => ReportRows.DeploymentTone(g.Key)).ThenBy(g => g.Key))
        {
            Add(request, "State", group.Key.ToString(), group.Sum(g => g.Count), ReportRows.DeploymentTone(group.Key));
        }

        AddLargest(request, "Target", all.GroupBy(a => a.Target).Select(g => (g.Key, g.Sum(a => a.Count))));
    }

    private (long Certificates, long OpenOrders) ByEmail(ReportRequest request)
    {
        if (request.IsAboutAll)
        {
            return ports.Store.Read(session => session.Reports.CountByEmail());
        }

        bool Is(string? id) => id is not null && ports.Store.Read(session => session.Reports.IsByEmail(id));
        return (rows.Certificates(request, soonest: false).LongCount(c => Is(c.OrderId)), rows.Orders(request).LongCount(o => o.IsOpen && Is(o.Id)));
    }

    private IReadOnlyList<CertificateTally> Tally(ReportRequest request, IReadOnlyList<CertificateMeasure> measures)
    {
        if (request.IsAboutAll)
        {
            return ports.Store.Read(session => session.Reports.CountCertificates(measures));
        }

        Dictionary<(string, string, CertificateStatus, string?, OrderOrigin), long[]> tallies = [];
        foreach (Certificate c in rows.Certificates(request, soonest: true))
        {
            (string, string, CertificateStatus, string?, OrderOrigin) key =
                (c.KeyDescription, c.SignatureAlgorithm, c.Status == CertificateStatus.Expired ? CertificateStatus.Valid : c.Status, c.Authority, c.Origin);
            if (!tallies.TryGetValue(key, out long[]? counts))
            {
                tallies[key] = counts = new long[measures.Count + 1];
            }

            counts[measures.Count]++;
            for (int i = 0; i < measures.Count; i++)
            {
                counts[i] += measures[i].Fits(c) ? 1 : 0;
            }
        }

        return [.. tallies.Select(t => new CertificateTally(t.Key.Item1, t.Key.Item2, t.Key.Item3, t.Key.Item4, t.Key.Item5, t.Value[measures.Count], t.Value))];
    }

    private void Add(ReportRequest request, string chart, string label, long count, ReportTone tone) =>
        _counts.Add(new ReportCount(request.Type, chart, label, count, count == 0 ? ReportTone.Neutral : tone));

    private void AddLargest(ReportRequest request, string chart, IEnumerable<(string Label, long Count)> counts)
    {
        List<(string Label, long Count)> sorted = [.. counts.OrderByDescending(c => c.Count).ThenBy(c => c.Label, StringComparer.OrdinalIgnoreCase)];
        foreach ((string label, long count) in sorted.Take(MostBars))
        {
            Add(request, chart, label, count, ReportTone.Neutral);
        }

        if (sorted.Count > MostBars)
        {
            Add(request, chart, Others, sorted.Skip(MostBars).Sum(c => c.Count), ReportTone.Neutral);
        }
    }
}
