using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Challenges;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>The lines of reports.</summary>
internal sealed class ReportRows(KeyManagerPorts ports, DateTimeOffset now)
{
    /// <summary>Days until the end, and what they are called.</summary>
    public static IReadOnlyList<(int Days, string Label, ReportTone Tone)> Ends { get; } =
        [(0, "Ended", ReportTone.Bad), (7, "7 days", ReportTone.Bad), (14, "14 days", ReportTone.Warning), (30, "30 days", ReportTone.Warning), (60, "60 days", ReportTone.Neutral), (90, "90 days", ReportTone.Neutral)];

    public const string Later = "Later";

    private readonly Lazy<RenewalRules> _rules = new(() => ports.Store.Read(session => RenewalRules.Read(session, now)));

    private readonly HashSet<string> _builtIn = new(ports.Authorities.All.Select(a => a.Description).Where(d => d.IsBuiltIn).Select(d => d.Name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether browsers are to trust what the authority issues. What was not ordered here may be.</summary>
    public bool IsPublic(string? authority) => authority is null || !_builtIn.Contains(authority);

    public IEnumerable<ReportRow> Read(ReportRequest request) => request.Type switch
    {
        ReportType.Orders => Orders(request).Select(OfOrder),
        ReportType.Deployments => Deployments(request).Select(d => OfDeployment(d.Deployment, d.Labels)),
        ReportType.Renewals => Certificates(request, soonest: true).Select(OfRenewal),
        ReportType.Inventory => Certificates(request, soonest: false).Select(c => Of(request.Type, c, c.Status.ToString(), Tone(c.Status), null)),
        ReportType.KeyStrength => Certificates(request, soonest: false).Select(OfKey),
        ReportType.Compliance => Certificates(request, soonest: true).Where(c => c.Status != CertificateStatus.Revoked).Select(OfCompliance).OfType<ReportRow>(),
        _ => Certificates(request, soonest: true).Where(c => c.Status != CertificateStatus.Revoked).Select(OfExpiry),
    };

    /// <summary>The certificates that a request is about.</summary>
    public IEnumerable<Certificate> Certificates(ReportRequest request, bool soonest)
    {
        IEnumerable<Certificate> all = request.CertificateIds is null
            ? ports.Store.Stream(new CertificateQuery { Labels = request.Labels, SoonestExpiryFirst = soonest })
            : Sorted(request.CertificateIds.Distinct().Select(id => ports.Store.Read(session => session.Certificates.Find(id))).OfType<Certificate>().Where(c => request.Labels.Fits(c.Labels)), soonest);
        return all.Where(c => IsNamed(request, c.Name));
    }

    /// <summary>The orders that a request is about: newest first.</summary>
    public IEnumerable<CertificateOrder> Orders(ReportRequest request) => (request.CertificateIds is null
            ? ports.Store.Stream(new OrderQuery { Labels = request.Labels })
            : Lineages(request).SelectMany(id => ports.Store.Stream(new OrderQuery { LineageId = id, Labels = request.Labels })))
        .Where(o => IsNamed(request, o.Name));

    /// <summary>The newest deployment of each entry to each target.</summary>
    public IEnumerable<(Deployment Deployment, Labels Labels)> Deployments(ReportRequest request)
    {
        IEnumerable<Deployment> all = request.CertificateIds is null
            ? ports.Store.Read(session => session.Deployments.List(null, null, int.MaxValue))
            : Lineages(request).SelectMany(id => ports.Store.Read(session => session.Deployments.List(null, id, int.MaxValue)));
        HashSet<(string, string)> seen = [];
        return all.Where(d => seen.Add((d.TargetId, d.LineageId)) && IsNamed(request, d.Name))
            .Select(d => (d, ports.Store.Read(session => session.Labels.OfEntry(d.LineageId)))).Where(d => request.Labels.Fits(d.Item2));
    }

    /// <summary>What a rule says against it, worst first; none when it is well.</summary>
    public IReadOnlyList<(string Word, ReportTone Tone, string Detail)> Findings(Certificate certificate)
    {
        List<(string, ReportTone, string)> found = [];
        bool isPublic = IsPublic(certificate.Authority);
        double life = (certificate.NotAfter - certificate.NotBefore).TotalDays;
        if (isPublic && ComplianceRules.Allowed(certificate.NotBefore) is int allowed && life >= allowed)
        {
            found.Add(("Lives too long", ReportTone.Bad, string.Format(CultureInfo.InvariantCulture, "{0:0} days, {1} were allowed when it was issued{2}", life, allowed, certificate.OrderId is null ? ", if browsers are to trust it" : "")));
        }

        (_, ReportTone keyTone, string? reason) = KeyStrength.Judge(certificate.KeyDescription, certificate.SignatureAlgorithm);
        if (keyTone == ReportTone.Bad)
        {
            found.Add(("Weak key", ReportTone.Bad, reason!)); // Bad comes with a reason
        }

        if (certificate.OrderId is string orderId && ports.Store.Read(session => session.Reports.IsByEmail(orderId)))
        {
            found.Add(("E-mail proof", ReportTone.Warning, $"control was proved by e-mail, which ends on {RenewalTimes.Day(EmailProof.End)}: choose DNS or HTTP before"));
        }

        if (isPublic && ComplianceRules.Coming(now).FirstOrDefault(s => life >= s.Days) is { Days: > 0 } step)
        {
            string hand = certificate.OrderId is null ? string.Format(CultureInfo.InvariantCulture, "; nothing renews it here, and it will have to be renewed {0} times a year", 365 / step.Days + 1) : "";
            found.Add(("Shorter from " + RenewalTimes.Day(step.From), hand.Length > 0 ? ReportTone.Warning : ReportTone.Neutral, string.Format(CultureInfo.InvariantCulture, "{0:0} days now, at most {1} from {2} on{3}", life, step.Days, RenewalTimes.Day(step.From), hand)));
        }

        return found;
    }

    private static IEnumerable<Certificate> Sorted(IEnumerable<Certificate> certificates, bool soonest) =>
        soonest ? certificates.OrderBy(c => c.NotAfter).ThenBy(c => c.Id, StringComparer.Ordinal) : certificates.OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase);

    private static bool IsNamed(ReportRequest request, string name) => request.Names.Count == 0 || request.Names.Any(p => Wildcard.Fits(p, name));

    private static ReportTone Tone(CertificateStatus status) => status switch
    {
        CertificateStatus.Valid => ReportTone.Good,
        CertificateStatus.Expired or CertificateStatus.Revoked => ReportTone.Bad,
        _ => ReportTone.Neutral,
    };

    private IEnumerable<string> Lineages(ReportRequest request) =>
        request.CertificateIds!.Select(id => ports.Store.Read(session => session.Certificates.Find(id))?.LineageId).OfType<string>().Distinct(); // only called with ids

    private ReportRow OfExpiry(Certificate certificate)
    {
        (_, string? label, ReportTone tone) = Ends.FirstOrDefault(e => certificate.NotAfter < now.AddDays(e.Days));
        string renewal = certificate.OrderId is null ? "nothing renews it: it has no order here" : $"renewed with {certificate.Account}";
        return Of(ReportType.Expiry, certificate, label ?? Later, tone, renewal);
    }

    private ReportRow OfKey(Certificate certificate)
    {
        (string word, ReportTone tone, string? reason) = KeyStrength.Judge(certificate.KeyDescription, certificate.SignatureAlgorithm);
        return Of(ReportType.KeyStrength, certificate, word, tone, reason);
    }

    private ReportRow? OfCompliance(Certificate certificate)
    {
        IReadOnlyList<(string Word, ReportTone Tone, string Detail)> found = Findings(certificate);
        return found.Count == 0 ? null : Of(ReportType.Compliance, certificate, found[0].Word, found[0].Tone, string.Join("; ", found.Select(f => f.Detail)));
    }

    private ReportRow OfRenewal(Certificate certificate)
    {
        RenewalPlanLine line = ports.Store.Read(session => PlanRenewal.Make(RenewalFacts.Read(session, certificate.Id, _rules.Value, now), now, isAsked: false));
        ReportTone tone = line.Status switch
        {
            RenewalStatus.NotDue or RenewalStatus.Due => line.IsEmergency ? ReportTone.Bad : ReportTone.Good,
            RenewalStatus.BackingOff or RenewalStatus.Blocked => ReportTone.Bad,
            RenewalStatus.Undeployed => ReportTone.Warning,
            _ => ReportTone.Neutral,
        };
        return Of(ReportType.Renewals, certificate, line.Status.ToString(), tone, line.Reason) with { DueAt = line.DueAt, Policy = line.Policy };
    }

    private static ReportRow OfOrder(CertificateOrder order) => new()
    {
        Report = ReportType.Orders,
        Name = order.Name,
        Result = order.Status.ToString(),
        Tone = OrderTone(order.Status),
        Detail = order.ErrorDetail ?? order.NextStep,
        Start = order.CreatedAt,
        DomainNames = order.DomainNames,
        Key = order.KeySpec.ToString(),
        Account = order.Account,
        Authority = order.Authority,
        Owner = order.Owner,
        Group = order.Group,
        Tags = order.Tags,
        Note = order.Note,
        Id = order.Id,
    };

    public static ReportTone OrderTone(OrderStatus status) => status switch
    {
        OrderStatus.Failed or OrderStatus.Rejected or OrderStatus.Unknown => ReportTone.Bad,
        OrderStatus.PendingValidation or OrderStatus.Available or OrderStatus.Renewed or OrderStatus.Draft => ReportTone.Warning,
        OrderStatus.Saved => ReportTone.Good,
        _ => ReportTone.Neutral,
    };

    private static ReportRow OfDeployment(Deployment deployment, Labels labels) => new()
    {
        Report = ReportType.Deployments,
        Name = deployment.Name,
        Result = deployment.Status.ToString(),
        Tone = DeploymentTone(deployment.Status),
        Detail = deployment.Problem,
        Start = deployment.StartedAt,
        SerialNumber = deployment.SerialNumber,
        Target = deployment.Target,
        Owner = labels.Owner,
        Group = labels.Group,
        Tags = labels.Tags,
        Note = labels.Note,
        Id = deployment.Id,
    };

    public static ReportTone DeploymentTone(DeploymentStatus status) => status switch
    {
        DeploymentStatus.Deployed => ReportTone.Good,
        DeploymentStatus.DeployedUnverified or DeploymentStatus.Pending => ReportTone.Warning,
        DeploymentStatus.Failed or DeploymentStatus.RolledBack => ReportTone.Bad,
        _ => ReportTone.Neutral,
    };

    private ReportRow Of(ReportType type, Certificate certificate, string result, ReportTone tone, string? detail) => new()
    {
        Report = type,
        Name = certificate.Name,
        Result = result,
        Tone = tone,
        Detail = detail,
        Start = certificate.NotBefore,
        NotAfter = certificate.NotAfter,
        DaysLeft = (int)Math.Floor((certificate.NotAfter - now).TotalDays),
        Life = (int)Math.Round((certificate.NotAfter - certificate.NotBefore).TotalDays),
        DomainNames = certificate.DomainNames,
        Subject = certificate.Subject,
        Issuer = certificate.Issuer,
        SerialNumber = certificate.SerialNumber,
        Sha256Thumbprint = certificate.Sha256Thumbprint,
        Key = certificate.KeyDescription,
        SignatureAlgorithm = certificate.SignatureAlgorithm,
        Status = certificate.Status.ToString(),
        Account = certificate.Account,
        Authority = certificate.Authority,
        Owner = certificate.Owner,
        Group = certificate.Group,
        Tags = certificate.Tags,
        Note = certificate.Note,
        Id = certificate.Id,
    };
}
