using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Mails certificates with their chain to somebody, never a private key.</summary>
/// <remarks>The mail server is the one of a notification policy of channel Mail.</remarks>
/// <example><code>Send-KmCertificate www.contoso.com -To web@contoso.com</code><para>By the only mail policy that there is.</para></example>
/// <seealso cref="SetKmNotificationPolicyCommand"/>
[Cmdlet(VerbsCommunications.Send, "KmCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class SendKmCertificateCommand : CertificateCmdlet
{
    /// <summary>E-mail addresses; default: those of the policy.</summary>
    [Parameter(Position = 1)]
    public string[] To { get; set; } = [];

    /// <summary>Notification policy whose mail server is used; default: the only one of channel Mail.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NotificationPolicyCompleter))]
    public NotificationPolicyReference? Policy { get; set; }

    /// <summary>What to write; default: what the certificate is.</summary>
    [Parameter]
    public string? Message { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        NotificationPolicy policy = Policy is not null ? Services.Notifications.Resolve(Policy.Text) : OnlyOne();
        string to = string.Join(", ", To.Length > 0 ? To : policy.To);
        if (await pipeline.ShouldProcessAsync(to, $"Mail certificate {certificate.Name}").ConfigureAwait(false))
        {
            await Services.Notifications.SendCertificateAsync(certificate.Id, policy, MailAddresses.Check(To), Message, cancellationToken).ConfigureAwait(false);
        }
    }

    private NotificationPolicy OnlyOne()
    {
        NotificationPolicy[] mail = [.. Services.Notifications.List().Where(p => p.Channel == NotificationChannel.Mail)];
        return mail.Length == 1 ? mail[0] : throw new InvalidRequestException(
            ErrorIds.InvalidParameter, mail.Length == 0 ? "No notification policy names a mail server." : "Several notification policies mail.")
        {
            Remedy = mail.Length == 0
                ? "Make one: Set-KmNotificationPolicy admins -To admin@contoso.com -SmtpServer mail.contoso.com"
                : $"Name one with -Policy: {string.Join(", ", mail.Select(p => p.Name))}.",
        };
    }
}
