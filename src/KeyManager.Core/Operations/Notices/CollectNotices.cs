using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Challenges;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Finds out what there is to tell, and writes it down once for each policy.</summary>
internal sealed class CollectNotices(KeyManagerPorts ports)
{
    private static readonly TimeSpan ProofSoon = TimeSpan.FromDays(3);

    private static readonly int[] EmailProofDays = [365, 180, 90, 30, 14, 7, 3, 1];

    public void Run(IReadOnlyList<NotificationPolicy> policies, IReadOnlyList<RenewalResult> results)
    {
        DateTimeOffset now = ports.Clock.UtcNow;
        List<Notice> found = [];
        Dictionary<string, Labels> labels = LabelsOf(policies, results);
        foreach (NotificationPolicy policy in policies)
        {
            List<RenewalResult> own = [.. results.Where(r => policy.Selects(r.Name, labels.TryGetValue(r.CertificateId, out Labels? written) ? written : Labels.None))];
            found.AddRange(own.Select(r => OfResult(policy, r, now)).OfType<Notice>());
            if (policy.Events.HasFlag(NotificationEvents.DeploymentFailed))
            {
                found.AddRange(own.SelectMany(r => Unseen(policy, r, now)));
            }

            if (policy.Events.HasFlag(NotificationEvents.Expiry) && policy.DaysBeforeExpiry.Count > 0)
            {
                found.AddRange(Expiring(policy, now));
            }

            if (policy.Events.HasFlag(NotificationEvents.Report))
            {
                found.AddRange(policy.Reports.Distinct().Select(type => New(policy, NotificationEvents.Report, SendReport.Key(type, policy.Every, now), type.ToString(), $"The report {type}.", now)));
            }

            if (policy.Events.HasFlag(NotificationEvents.ProofEnding))
            {
                found.AddRange(Waiting(policy, now));
                found.AddRange(ProvedByMail(policy, now));
            }

            if (policy.Events.HasFlag(NotificationEvents.CredentialEnding))
            {
                found.AddRange(Credentials(policy, now));
            }
        }

        if (found.Count > 0)
        {
            ports.Store.Write(
                session =>
                {
                    foreach (Notice notice in found)
                    {
                        session.Notices.Add(notice);
                    }
                },
                Durability.Deferred);
        }
    }

    /// <summary>The labels of what a sweep worked on, where a policy wants to know.</summary>
    private Dictionary<string, Labels> LabelsOf(IReadOnlyList<NotificationPolicy> policies, IReadOnlyList<RenewalResult> results) => policies.All(p => p.Labels.IsEmpty)
        ? []
        : ports.Store.Read(session => results.Select(r => r.CertificateId).Distinct().ToDictionary(id => id, id => session.Certificates.Find(id)?.Labels ?? Labels.None));

    private static Notice? OfResult(NotificationPolicy policy, RenewalResult result, DateTimeOffset now)
    {
        (NotificationEvents what, string key, string text) = result.Outcome switch
        {
            RenewalOutcome.Renewed or RenewalOutcome.Deployed => (NotificationEvents.Renewed, $"renewed:{result.NewCertificateId}", $"{result.Name} was renewed and is good until {RenewalTimes.Day(result.NotAfter)}."),
            RenewalOutcome.Failed => (NotificationEvents.Failed, $"failed:{result.CertificateId}:{result.ErrorId}:{Period(policy, now)}", $"{result.Name} could not be renewed and ends on {RenewalTimes.Day(result.NotAfter)}: {result.Reason}"),
            RenewalOutcome.DeploymentFailed => (NotificationEvents.DeploymentFailed, $"undeployed:{result.NewCertificateId}:{result.ErrorId}:{Period(policy, now)}", $"{result.Name} was renewed and could not be deployed: {result.Reason}"),
            _ => (NotificationEvents.None, "", ""),
        };
        return what != NotificationEvents.None && policy.Events.HasFlag(what)
            ? New(policy, what, key, result.Name, text, now) with { Remedy = result.Remedy, NotAfter = result.NotAfter, ErrorId = result.ErrorId }
            : null;
    }

    /// <summary>What is in place and was not seen served is nobody's failure, and nobody's proof either.</summary>
    private static IEnumerable<Notice> Unseen(NotificationPolicy policy, RenewalResult result, DateTimeOffset now) =>
        from deployment in result.Deployments
        where deployment.Status == DeploymentStatus.DeployedUnverified
        select New(policy, NotificationEvents.DeploymentFailed, $"unverified:{deployment.CertificateId}:{deployment.TargetId}", result.Name, $"{result.Name} is in place on {deployment.Target}, and nobody saw it served.", now) with
        {
            Remedy = deployment.Remedy,
            NotAfter = result.NotAfter,
        };

    private List<Notice> Expiring(NotificationPolicy policy, DateTimeOffset now)
    {
        List<Notice> found = [];
        foreach (Certificate certificate in ports.Store.Stream(new CertificateQuery { ExpiresBefore = now.AddDays(policy.DaysBeforeExpiry.Max()), Labels = policy.Labels, SoonestExpiryFirst = true })
            .Where(c => c.Status != CertificateStatus.Revoked && policy.Selects(c.Name, c.Labels)))
        {
            if (NoticeTerm.Reached(certificate.NotAfter, now, policy.DaysBeforeExpiry) is int term)
            {
                string text = term == 0
                    ? $"{certificate.Name} ended on {RenewalTimes.Day(certificate.NotAfter)}."
                    : string.Format(CultureInfo.InvariantCulture, "{0} ends in {1} days, on {2}.", certificate.Name, Math.Ceiling((certificate.NotAfter - now).TotalDays), RenewalTimes.Day(certificate.NotAfter));
                string key = term == 0 ? $"ended:{certificate.Id}" : string.Format(CultureInfo.InvariantCulture, "expiry:{0}:{1}", certificate.Id, term);
                found.Add(New(policy, NotificationEvents.Expiry, key, certificate.Name, text, now) with { NotAfter = certificate.NotAfter, Remedy = certificate.OrderId is null ? "Order it anew; it was not ordered here." : $"Look why it is not renewed: Test-KmRenewal {certificate.Name}" });
            }
        }

        return found;
    }

    private IEnumerable<Notice> Waiting(NotificationPolicy policy, DateTimeOffset now) =>
        from order in ports.Store.Stream(new OrderQuery { Status = [OrderStatus.PendingValidation], Labels = policy.Labels })
        where order.ExpiresAt is DateTimeOffset end && end > now && end - now < ProofSoon && policy.Selects(order.Name, order.Labels)
        select New(policy, NotificationEvents.ProofEnding, $"proof:{order.Id}", order.Name, $"Control of the names of order {order} has to be proved until {RenewalTimes.Moment(order.ExpiresAt!.Value)}.", now) with
        {
            Remedy = $"Get-KmChallenge {order.Id} shows what is wanted; Invoke-KmChallenge {order.Id} proves it.",
        };

    /// <summary>What is renewed by a mail that somebody answers will not be renewed any more from a known day on.</summary>
    private IEnumerable<Notice> ProvedByMail(NotificationPolicy policy, DateTimeOffset now)
    {
        if (NoticeTerm.Reached(EmailProof.End, now, EmailProofDays) is not int term)
        {
            return [];
        }

        return from order in ports.Store.Stream(new OrderQuery { IsByEmail = true, Status = [OrderStatus.Saved], Labels = policy.Labels })
               where policy.Selects(order.Name, order.Labels) && ports.Store.Read(session => order.CertificateId is null ? null : session.Certificates.Find(order.CertificateId)) is { IsCurrent: true }
               select New(policy, NotificationEvents.ProofEnding, FormattableString.Invariant($"email:{order.LineageId}:{term}"), order.Name, EmailProof.Message(order.Name), now) with { Remedy = EmailProof.Remedy };
    }

    private IEnumerable<Notice> Credentials(NotificationPolicy policy, DateTimeOffset now)
    {
        (IReadOnlyList<AuthorityAccount> accounts, IReadOnlyList<DnsAccount> dns) = ports.Store.Read(session => (session.Accounts.List(), session.DnsAccounts.List()));
        return
        [
            .. accounts.Where(a => a.Status != AccountStatus.Deactivated).Select(a => Credential(policy, a.Id, a.Name, CredentialEnd.Of(a, now))).OfType<Notice>(),
            .. dns.Where(a => a.Enabled).Select(a => Credential(policy, a.Id, a.Name, CredentialEnd.Of(a, now))).OfType<Notice>(),
        ];

        Notice? Credential(NotificationPolicy to, string id, string name, CredentialEnd? end) => end is null ? null
            : New(to, NotificationEvents.CredentialEnding, FormattableString.Invariant($"credential:{id}:{end.At:yyyyMMdd}:{end.Term}"), name, end.Message, now) with { Remedy = end.Remedy, NotAfter = end.At };
    }

    private static Notice New(NotificationPolicy policy, NotificationEvents what, string key, string name, string text, DateTimeOffset now) => new()
    {
        Id = Identifier.New(),
        PolicyId = policy.Id,
        Key = key,
        Event = what,
        Name = name,
        Text = text,
        CreatedAt = now,
        NextAttempt = now,
    };

    private static string Period(NotificationPolicy policy, DateTimeOffset now) => (now.UtcTicks / policy.RepeatAfter.Ticks).ToString(CultureInfo.InvariantCulture);
}
