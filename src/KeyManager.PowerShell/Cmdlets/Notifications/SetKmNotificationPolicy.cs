using System;
using System.Collections.Generic;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Says who is told of what, and how: by mail, Teams, Slack, a webhook or a script.</summary>
/// <remarks>
/// Invoke-KmRenewal tells after each run. What could not be delivered is tried again for a week, is in the audit trail, and never fails a renewal. What is not given stays as it is.
/// The same is told once: a term of days once for each certificate, a failure again only after -RepeatAfter.
/// </remarks>
/// <example><code>Set-KmNotificationPolicy admins -To admin@contoso.com -SmtpServer mail.contoso.com -Credential (Get-Credential)</code><para>By mail, over STARTTLS at port 587, of everything.</para></example>
/// <example><code>Set-KmNotificationPolicy team -Channel Teams -Url (Read-Host -AsSecureString) -Event Failed, DeploymentFailed</code><para>Failures only, to a workflow of Teams.</para></example>
/// <example><code>Set-KmNotificationPolicy expiry -Channel Webhook -Url $url -HmacSecret $secret -Event Expiry -DaysBeforeExpiry 30, 7, 1</code><para>JSON, signed.</para></example>
/// <example><code>Set-KmNotificationPolicy shop -To shop@contoso.com -SmtpServer mail.contoso.com -Owner 'shop team'</code><para>Tells a team of what is theirs.</para></example>
/// <example><code>Set-KmNotificationPolicy weekly -Event Report -Report Expiry, Compliance -Every Week -To team@contoso.com -SmtpServer mail.contoso.com</code><para>Two reports a week by mail, and nothing else.</para></example>
/// <seealso cref="SendKmNotificationCommand"/>
[Cmdlet(VerbsCommon.Set, "KmNotificationPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(NotificationPolicy))]
public sealed class SetKmNotificationPolicyCommand : LabelPolicyCmdlet
{
    /// <summary>Name of the policy; made when there is none.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(NotificationPolicyCompleter))]
    public string Name { get; set; } = "";

    /// <summary>How: Mail (default), Teams, Slack, Webhook or Script.</summary>
    [Parameter]
    public NotificationChannel Channel { get; set; }

    /// <summary>Of what: Expiry, Renewed, Failed, DeploymentFailed, ProofEnding, CredentialEnding, Report; default all.</summary>
    [Parameter]
    public NotificationEvents Event { get; set; }

    /// <summary>Days before its end at which a certificate is told of; default 30, 14, 7, 3, 1.</summary>
    [Parameter]
    public int[] DaysBeforeExpiry { get; set; } = [];

    /// <summary>Names of the certificates that it tells of; wildcards are allowed. Default: all.</summary>
    [Parameter]
    [AllowEmptyCollection]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    public string[] CertificateName { get; set; } = [];

    /// <summary>Reports that are sent, about the certificates that it tells of; by mail with the page, otherwise their numbers. With -Event Report nothing else is sent.</summary>
    [Parameter]
    [AllowEmptyCollection]
    public ReportType[] Report { get; set; } = [];

    /// <summary>How often reports are sent: Week (default), Day or Month.</summary>
    [Parameter]
    public ReportInterval Every { get; set; }

    /// <summary>False: nobody is told.</summary>
    [Parameter]
    public bool Enabled { get; set; }

    /// <summary>True (default): one message for everything at a time. False: one for each certificate.</summary>
    [Parameter]
    public bool Digest { get; set; }

    /// <summary>The same failure of the same certificate is not told again sooner; default a day.</summary>
    [Parameter]
    public TimeSpan RepeatAfter { get; set; }

    /// <summary>E-mail addresses that are told.</summary>
    [Parameter]
    public string[] To { get; set; } = [];

    /// <summary>E-mail address of the sender; default the first of -To.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? From { get; set; }

    /// <summary>What the subject begins with; default [KeyManager].</summary>
    [Parameter]
    [AllowEmptyString]
    public string? SubjectPrefix { get; set; }

    /// <summary>Name of the mail server, as it is in its certificate.</summary>
    [Parameter]
    public string? SmtpServer { get; set; }

    /// <summary>Port of the mail server; 0 (default) takes 587 for StartTls, 465 for Tls, 25 for None.</summary>
    [Parameter]
    public int SmtpPort { get; set; }

    /// <summary>How the connection to the mail server is protected: StartTls (default), Tls or None.</summary>
    [Parameter]
    public MailSecurity MailSecurity { get; set; }

    /// <summary>User name and password at the mail server. [PSCredential]::Empty takes them back. A password in a vault: @{ UserName = 'mailer'; Vault = 'Corp'; Name = 'smtp' }.</summary>
    [Parameter]
    [VaultSecret(IsCredential = true)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Address of the webhook, https://... Whoever knows it can write there, so it is stored as a secret.</summary>
    [Parameter]
    [VaultSecret]
    public SecureString? Url { get; set; }

    /// <summary>With -Channel Webhook: the secret that signs each message (HMAC-SHA256).</summary>
    [Parameter]
    [VaultSecret]
    public SecureString? HmacSecret { get; set; }

    /// <summary>With -Channel Script: path of a .ps1 file with the parameters -Subject, -Text, -Event and -Name.</summary>
    [Parameter]
    public string? ScriptPath { get; set; }

    /// <summary>File with roots, PEM, that are trusted beside those of the machine.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? TrustedRootPath { get; set; }

    /// <summary>Address of a proxy for webhooks; default the system's.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Proxy { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string? script = string.IsNullOrWhiteSpace(ScriptPath) ? null : await ResolvePathAsync(pipeline, ScriptPath!).ConfigureAwait(false);
        string? roots = string.IsNullOrWhiteSpace(TrustedRootPath) ? null : await ResolvePathAsync(pipeline, TrustedRootPath!).ConfigureAwait(false);
        if (!await pipeline.ShouldProcessAsync(Name, "Set notification policy").ConfigureAwait(false))
        {
            return;
        }

        using SecretText? password = Credential is null ? null : new SecretText(Credential.Password ?? new SecureString());
        using SecretText? url = Url is null ? null : new SecretText(Url);
        using SecretText? hmac = HmacSecret is null ? null : new SecretText(HmacSecret);
        Dictionary<string, byte[]> secrets = [];
        foreach ((string name, SecretText? secret) in new[] { (ManageNotifications.Password, password), (ManageNotifications.Url, url), (ManageNotifications.HmacSecret, hmac) })
        {
            if (secret is not null)
            {
                secrets[name] = secret.Utf8;
            }
        }

        await pipeline.WriteObjectAsync(Services.Notifications.Set(Name, before => Change(before, script, roots), secrets)).ConfigureAwait(false);
    }

    private NotificationPolicy Change(NotificationPolicy before, string? script, string? roots) => before with
    {
        Channel = IsBound(nameof(Channel)) ? Channel : before.Channel,
        Events = IsBound(nameof(Event)) ? Event : before.Events,
        DaysBeforeExpiry = IsBound(nameof(DaysBeforeExpiry)) ? DaysBeforeExpiry : before.DaysBeforeExpiry,
        CertificateNames = IsBound(nameof(CertificateName)) ? CertificateName : before.CertificateNames,
        Tags = TagsOr(before.Tags),
        Owners = OwnersOr(before.Owners),
        Groups = GroupsOr(before.Groups),
        Reports = IsBound(nameof(Report)) ? Report : before.Reports,
        Every = IsBound(nameof(Every)) ? Every : before.Every,
        IsEnabled = IsBound(nameof(Enabled)) ? Enabled : before.IsEnabled,
        IsDigest = IsBound(nameof(Digest)) ? Digest : before.IsDigest,
        RepeatAfter = IsBound(nameof(RepeatAfter)) ? RepeatAfter : before.RepeatAfter,
        To = IsBound(nameof(To)) ? MailAddresses.Check(To) : before.To,
        From = IsBound(nameof(From)) ? Blank.ToNull(From) : before.From,
        SubjectPrefix = IsBound(nameof(SubjectPrefix)) ? SubjectPrefix ?? "" : before.SubjectPrefix,
        SmtpServer = IsBound(nameof(SmtpServer)) ? SmtpServer : before.SmtpServer,
        SmtpPort = IsBound(nameof(SmtpPort)) ? SmtpPort : before.SmtpPort,
        MailSecurity = IsBound(nameof(MailSecurity)) ? MailSecurity : before.MailSecurity,
        UserName = IsBound(nameof(Credential)) ? Blank.ToNull(Credential?.UserName) : before.UserName,
        ScriptPath = script ?? before.ScriptPath,
        TrustedRootPath = IsBound(nameof(TrustedRootPath)) ? roots : before.TrustedRootPath,
        Proxy = IsBound(nameof(Proxy)) ? Blank.ToNull(Proxy) : before.Proxy,
    };
}
