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
    /// <summary>How long before their end the credentials of an account are told of for the first time.</summary>
    public static readonly TimeSpan CredentialSoon = TimeSpan.FromDays(30);

    private static readonly TimeSpan ProofSoon = TimeSpan.FromDays(3);

    private static readonly int[] CredentialDays = [30, 14, 7, 3, 1];

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
            double left = (certificate.NotAfter - now).TotalDays;

            // The shortest term that is reached: a certificate found late is told of once, and not for each term that went by.
            int term = policy.DaysBeforeExpiry.Where(d => left <= d).DefaultIfEmpty(-1).Min();
            if (term >= 0)
            {
                string text = left <= 0
                    ? $"{certificate.Name} ended on {RenewalTimes.Day(certificate.NotAfter)}."
                    : string.Format(CultureInfo.InvariantCulture, "{0} ends in {1} days, on {2}.", certificate.Name, Math.Ceiling(left), RenewalTimes.Day(certificate.NotAfter));
                string key = left <= 0 ? $"ended:{certificate.Id}" : string.Format(CultureInfo.InvariantCulture, "expiry:{0}:{1}", certificate.Id, term);
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
        if (Term(EmailProof.End, now, EmailProofDays) is not int term)
        {
            return [];
        }

        return from order in ports.Store.Stream(new OrderQuery { Status = [OrderStatus.Saved] })
               where order.ChallengeType == ChallengeType.Email && policy.Selects(order.Name, order.Labels) && ports.Store.Read(session => order.CertificateId is null ? null : session.Certificates.Find(order.CertificateId)) is { IsCurrent: true }
               select New(policy, NotificationEvents.ProofEnding, FormattableString.Invariant($"email:{order.LineageId}:{term}"), order.Name, EmailProof.Message(order.Name), now) with { Remedy = EmailProof.Remedy };
    }

    private IEnumerable<Notice> Credentials(NotificationPolicy policy, DateTimeOffset now)
    {
        (IReadOnlyList<AuthorityAccount> accounts, IReadOnlyList<DnsAccount> dns) = ports.Store.Read(session => (session.Accounts.List(), session.DnsAccounts.List()));
        return
        [
            .. accounts.Where(a => a.Status != AccountStatus.Deactivated).Select(a => Credential(policy, a.Id, a.Name, $"The credentials of the account {a}", $"Set-KmAccount {a.Name} -AuthToken ...", a.Settings, now)).OfType<Notice>(),
            .. dns.Where(a => a.Enabled).Select(a => Credential(policy, a.Id, a.Name, $"The credentials of the DNS account {a}", $"Set-KmDnsAccount {a.Name}", a.Settings, now)).OfType<Notice>(),
        ];
    }

    private static Notice? Credential(NotificationPolicy policy, string id, string name, string what, string remedy, IReadOnlyDictionary<string, string> settings, DateTimeOffset now) =>
        AccountSettings.CredentialEnd(settings) is DateTimeOffset end && Term(end, now, CredentialDays) is int term
            ? New(policy, NotificationEvents.CredentialEnding, FormattableString.Invariant($"credential:{id}:{end:yyyyMMdd}:{term}"), name, $"{what} {(term == 0 ? "have ended" : "end")} on {settings[AccountSettings.CredentialExpires]}.", now) with
            {
                Remedy = $"Get new ones from the service, then: {remedy}",
                NotAfter = end,
            }
            : null;

    /// <summary>The shortest of the terms that is reached, in days; 0 when it is over, <c>null</c> while there is time.</summary>
    private static int? Term(DateTimeOffset end, DateTimeOffset now, int[] days) => end <= now ? 0 : days.Where(d => end - now <= TimeSpan.FromDays(d)).Select(d => (int?)d).Min();

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
