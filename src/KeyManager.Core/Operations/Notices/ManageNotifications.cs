using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Hosting;
using KeyManager.Notifications;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Tells people what they have to know: collects it by policy, delivers it, tries again what was not taken. A delivery that fails never fails anything else.</summary>
public sealed class ManageNotifications(KeyManagerPorts ports)
{
    public const string Password = nameof(Password);
    public const string Url = nameof(Url);
    public const string HmacSecret = nameof(HmacSecret);

    private const int MostInOneMessage = 200;

    /// <summary>An undelivered notice is given up after that; what was told is remembered for longer, so that it is not told again.</summary>
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(7);

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(400);

    private readonly SendReport _reports = new(ports);

    /// <summary>All, by name.</summary>
    public IReadOnlyList<NotificationPolicy> List() => ports.Store.Read(session => session.NotificationPolicies.List());

    /// <summary>By name or id.</summary>
    /// <exception cref="NotFoundException">KmNotificationPolicyNotFound.</exception>
    public NotificationPolicy Resolve(string idOrName) => ports.Store.Read(session => Find(session, idOrName));

    /// <summary>Makes a policy, or changes the one of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="change">Gets what is there, or what a new one begins with, and answers what shall be.</param>
    /// <param name="secrets">Secrets to store, UTF-8, by name; an empty one is taken back. The caller overwrites them.</param>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: something is missing or makes no sense.</exception>
    public NotificationPolicy Set(string name, Func<NotificationPolicy, NotificationPolicy> change, IReadOnlyDictionary<string, byte[]> secrets)
    {
        Guard.NotNull(change);
        Guard.NotNull(secrets);
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "A notification policy needs a name.") { Remedy = "For example: Set-KmNotificationPolicy admins -To admin@contoso.com -SmtpServer mail.contoso.com" };
        }

        // Where it lies in a vault, it is read before the transaction: the vault may ask somebody for a password.
        string? webhookHost = secrets.TryGetValue(Url, out byte[]? url) && url.Length > 0 ? HostOf(name, url) : null;
        return ports.Store.Write(session =>
        {
            DateTimeOffset now = ports.Clock.UtcNow;
            NotificationPolicy? before = session.NotificationPolicies.FindByName(name.Trim());
            NotificationPolicy policy = change(before ?? new NotificationPolicy { Id = Identifier.New(), Name = name.Trim(), CreatedAt = now, UpdatedAt = now });
            policy = policy with
            {
                UpdatedAt = now,
                Secrets = StoredSecrets.Put(session, name => SecretRef.Notification(policy.Id, name), policy.Secrets, secrets),
                WebhookHost = webhookHost ?? policy.WebhookHost,
            };
            NotificationRules.Check(policy);
            if (before is null)
            {
                session.NotificationPolicies.Add(policy);
            }
            else
            {
                session.NotificationPolicies.Update(policy);
            }

            session.Audit.Append(new AuditEntry("Notification", "NotificationPolicySet", policy.Id, policy.Name, policy.Channel.ToString()));
            return policy;
        });
    }

    /// <summary>Removes a policy with its secrets and what it has not delivered.</summary>
    public void Remove(string id) => ports.Store.Write(session =>
    {
        NotificationPolicy policy = Find(session, id);
        session.NotificationPolicies.Remove(policy.Id);
        session.Secrets.RemoveAll("notice", policy.Id);
        session.Audit.Append(new AuditEntry("Notification", "NotificationPolicyRemoved", policy.Id, policy.Name));
    });

    /// <summary>Collects what there is to tell after a sweep, and delivers everything that is pending. What is not taken is a warning here, and is tried again.</summary>
    /// <param name="results">What the sweep did; empty for expiry and the like alone.</param>
    /// <param name="scripts">Runs scripts; <c>null</c> where no PowerShell is at hand.</param>
    /// <param name="reporter">For warnings.</param>
    /// <param name="cancellationToken">Stops it; what was not delivered stays.</param>
    public async Task RunAsync(IReadOnlyList<RenewalResult> results, IScriptRunner? scripts, IReporter reporter, CancellationToken cancellationToken)
    {
        IReadOnlyList<NotificationPolicy> policies = [.. List().Where(p => p.IsEnabled)];
        if (policies.Count == 0)
        {
            return;
        }

        CollectNotices collect = new(ports);
        collect.Run(policies, results);
        foreach (NotificationPolicy policy in policies)
        {
            await DeliverAsync(policy, scripts, reporter, cancellationToken).ConfigureAwait(false);
        }

        ports.Store.Write(session => session.Notices.Forget(ports.Clock.UtcNow - Remembered), Durability.Deferred);
    }

    /// <summary>Sends a test message now; what goes wrong is an error.</summary>
    public async Task SendTestAsync(NotificationPolicy policy, IScriptRunner? scripts, CancellationToken cancellationToken)
    {
        Guard.NotNull(policy);
        NotificationMessage message = new(
            $"{policy.SubjectPrefix} Test".Trim(), $"This is a test of the notification policy {policy.Name}. What it tells of: {policy.Events}.", [], []) { IsTest = true };
        await SendAsync(policy, message, scripts, cancellationToken).ConfigureAwait(false);
        Audit("NoticeSent", policy, "test", succeeded: true);
    }

    /// <summary>Mails a certificate with its chain, never its key, to addresses of the caller's choice, by the mail server of a policy.</summary>
    /// <param name="certificateId">The certificate.</param>
    /// <param name="policy">Whose mail server; its addresses when none are given.</param>
    /// <param name="to">Addresses; empty for those of the policy.</param>
    /// <param name="text">What to write; <c>null</c> for the usual.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task SendCertificateAsync(string certificateId, NotificationPolicy policy, IReadOnlyList<string> to, string? text, CancellationToken cancellationToken)
    {
        Guard.NotNull(policy);
        Guard.NotNull(to);
        if (policy.Channel != NotificationChannel.Mail)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The policy {policy} does not mail.") { Target = policy.Name, Remedy = "Name one of channel Mail with -Policy; Get-KmNotificationPolicy lists them." };
        }

        (Certificate certificate, IReadOnlyList<byte[]> chain) = ports.Store.Read(session =>
            (Lookup.Certificate(session, certificateId), session.Certificates.GetChain(certificateId)));
        NotificationPolicy addressed = to.Count == 0 ? policy : policy with { To = to };
        NotificationRules.Check(addressed);
        string fileName = new([.. certificate.Name.Select(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '.' or '-' ? c : '_')]);
        NotificationMessage message = new(
            $"{policy.SubjectPrefix} Certificate {certificate.Name}".Trim(),
            text ?? $"Attached is the certificate {certificate.Name} with its chain, good until {RenewalTimes.Day(certificate.NotAfter)}.\n\nSubject: {certificate.Subject}\nIssuer: {certificate.Issuer}\nSerial number: {certificate.SerialNumber}\nSHA-256: {certificate.Sha256Thumbprint}\n\nThe private key is not part of it.",
            [],
            [
                new NotificationAttachment(fileName + ".crt", "application/x-pem-file", Encoding.ASCII.GetBytes(Pem.Encode("CERTIFICATE", certificate.Der))),
                new NotificationAttachment(fileName + ".chain.crt", "application/x-pem-file", Encoding.ASCII.GetBytes(string.Concat(chain.Select(c => Pem.Encode("CERTIFICATE", c))))),
            ]);
        await SendAsync(addressed, message with { Attachments = [.. message.Attachments.Where(a => a.Content.Length > 0)] }, null, cancellationToken).ConfigureAwait(false);
        ports.Store.Write(session => session.Audit.Append(new AuditEntry("Certificate", "CertificateMailed", certificate.Id, certificate.Name, string.Join(", ", addressed.To))));
    }

    private async Task DeliverAsync(NotificationPolicy policy, IScriptRunner? scripts, IReporter reporter, CancellationToken cancellationToken)
    {
        IReadOnlyList<Notice> pending = ports.Store.Read(session => session.Notices.ListPending(policy.Id, ports.Clock.UtcNow));
        List<Notice> texts = [.. pending.Where(n => n.Event != NotificationEvents.Report)];
        IEnumerable<List<Notice>> messages = policy.IsDigest
            ? texts.Select((notice, number) => (notice, number)).GroupBy(n => n.number / MostInOneMessage, n => n.notice).Select(g => g.ToList())
            : texts.GroupBy(n => n.Name).Select(g => g.ToList());
        foreach (List<Notice> notices in messages.Concat(pending.Where(n => n.Event == NotificationEvents.Report).Select(n => new List<Notice> { n })))
        {
            try
            {
                NotificationMessage message = notices[0].Event == NotificationEvents.Report ? _reports.Compose(policy, notices[0], cancellationToken) : Compose(policy, notices);
                await SendAsync(policy, message, scripts, cancellationToken).ConfigureAwait(false);
                Settle(policy, notices, "NoticeSent", string.Join("; ", notices.Select(n => n.Text)), n => n with { NextAttempt = null });
            }
            catch (KeyManagerException error) when (error is not StoreException)
            {
                DateTimeOffset now = ports.Clock.UtcNow;
                Settle(policy, notices, "NoticeNotDelivered", error.Message, n => n with
                {
                    Attempts = n.Attempts + 1,
                    NextAttempt = now - n.CreatedAt > GivenUpAfter ? null : Later(now + BackOff(n.Attempts + 1), error.RetryAfter),
                });
                reporter.Warn($"The notice by {policy} was not delivered and is tried again: {error.Message}");
                return; // the next message of the same policy would meet the same
            }
        }
    }

    private void Settle(NotificationPolicy policy, List<Notice> notices, string action, string detail, Func<Notice, Notice> change) => ports.Store.Write(
        session =>
        {
            foreach (Notice notice in notices)
            {
                session.Notices.Update(change(notice));
            }

            session.Audit.Append(new AuditEntry("Notification", action, policy.Id, policy.Name, detail.Length > 2000 ? detail.Substring(0, 2000) + "..." : detail, action == "NoticeSent"));
        },
        Durability.Deferred);

    private async Task SendAsync(NotificationPolicy policy, NotificationMessage message, IScriptRunner? scripts, CancellationToken cancellationToken)
    {
        NotificationContext context = new(policy, name => SecretVaults.Open(ports.Store.Read(session => session.Secrets.Get(SecretRef.Notification(policy.Id, name)))), scripts);
        INotificationSender sender = ports.Notifications.FirstOrDefault(s => s.CanSend(policy.Channel))
            ?? throw new InvalidRequestException(ErrorIds.InvalidParameter, $"Nothing here delivers over {policy.Channel}.") { Target = policy.Name };
        await sender.SendAsync(context, message, cancellationToken).ConfigureAwait(false);
    }

    private static NotificationMessage Compose(NotificationPolicy policy, List<Notice> notices)
    {
        int bad = notices.Count(n => n.Event is NotificationEvents.Failed or NotificationEvents.DeploymentFailed);
        string what = notices.Count == 1
            ? notices[0].Text
            : string.Format(CultureInfo.InvariantCulture, "{0} notices{1}", notices.Count, bad > 0 ? $", {bad} of failures" : "");
        StringBuilder text = new();
        foreach (IGrouping<NotificationEvents, Notice> group in notices.GroupBy(n => n.Event).OrderBy(g => g.Key is NotificationEvents.Failed or NotificationEvents.DeploymentFailed ? 0 : 1).ThenBy(g => g.Key))
        {
            text.Append(group.Key).Append(":\n");
            foreach (Notice notice in group)
            {
                text.Append("  ").Append(notice.Text).Append('\n');
                if (notice.Remedy is not null)
                {
                    text.Append("    Do: ").Append(notice.Remedy).Append('\n');
                }
            }

            text.Append('\n');
        }

        string subject = $"{policy.SubjectPrefix} {what}".Trim();
        return new NotificationMessage(subject.Length > 200 ? subject.Substring(0, 197) + "..." : subject, text.ToString().TrimEnd() + "\n", notices, []);
    }

    private static string HostOf(string policy, byte[] given)
    {
        byte[] url = SecretVaults.Open((byte[])given.Clone())!; // given
        try
        {
            return Uri.TryCreate(Encoding.UTF8.GetString(url), UriKind.Absolute, out Uri? address) && (address.Scheme == "https" || (address.Scheme == "http" && address.IsLoopback))
                ? address.Host
                : throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The webhook of policy {policy} is no address with https.") { Target = policy, Remedy = "Give the whole address, https://...; plain http only for this machine." };
        }
        finally
        {
            Array.Clear(url, 0, url.Length);
        }
    }

    private static NotificationPolicy Find(IStoreSession session, string idOrName) =>
        session.NotificationPolicies.Find(idOrName) ?? session.NotificationPolicies.FindByName(idOrName)
        ?? throw new NotFoundException(ErrorIds.NotificationPolicyNotFound, $"There is no notification policy '{idOrName}'.") { Target = idOrName, Remedy = "Get-KmNotificationPolicy lists them." };

    private void Audit(string action, NotificationPolicy policy, string detail, bool succeeded) =>
        ports.Store.Write(session => session.Audit.Append(new AuditEntry("Notification", action, policy.Id, policy.Name, detail, succeeded)));

    private static TimeSpan BackOff(int attempts) => attempts switch
    {
        1 => TimeSpan.FromMinutes(1),
        2 => TimeSpan.FromMinutes(10),
        3 => TimeSpan.FromMinutes(100),
        _ => TimeSpan.FromDays(1),
    };

    private static DateTimeOffset Later(DateTimeOffset first, DateTimeOffset? second) => second > first ? second.Value : first;
}
