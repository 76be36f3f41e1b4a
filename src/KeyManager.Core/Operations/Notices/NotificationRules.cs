using System;
using System.IO;
using System.Linq;

namespace KeyManager.Operations;

/// <summary>What makes a notification policy whole.</summary>
internal static class NotificationRules
{
    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    public static void Check(NotificationPolicy policy)
    {
        if (policy.DaysBeforeExpiry.Any(d => d is < 0 or > 3650))
        {
            throw Invalid(policy, "-DaysBeforeExpiry is out of range.", "Give days from 0 to 3650, such as 30, 14, 7, 1.");
        }

        if (policy.RepeatAfter < TimeSpan.FromMinutes(1))
        {
            throw Invalid(policy, "-RepeatAfter is too short.", "Give a minute or more, such as 1.00:00:00 for a day.");
        }

        switch (policy.Channel)
        {
            case NotificationChannel.Mail:
                CheckMail(policy);
                break;
            case NotificationChannel.Script when policy.ScriptPath is null || !File.Exists(policy.ScriptPath):
                throw Invalid(policy, $"There is no script '{policy.ScriptPath}'.", "Give the path of a .ps1 file with -ScriptPath.");
            case NotificationChannel.Teams or NotificationChannel.Slack or NotificationChannel.Webhook when !policy.Secrets.Contains(ManageNotifications.Url):
                throw Invalid(policy, "It has no address.", "Give the address of the webhook: -Url (Read-Host -AsSecureString).");
        }
    }

    private static void CheckMail(NotificationPolicy policy)
    {
        if (policy.To.Count == 0 || string.IsNullOrWhiteSpace(policy.SmtpServer))
        {
            throw Invalid(policy, "Mail needs somebody to go to and a server that takes it.", "Give -To and -SmtpServer.");
        }

        if (policy.SmtpPort is < 0 or > 65535)
        {
            throw Invalid(policy, $"-SmtpPort {policy.SmtpPort} is no port.", "Give 1 to 65535, or 0 for the usual one.");
        }

        if (policy.MailSecurity == MailSecurity.None && policy.UserName is not null)
        {
            throw Invalid(policy, "A password is never sent in the clear.", "Use -MailSecurity StartTls or Tls, or leave out -Credential.");
        }

        foreach (string address in policy.To.Concat(policy.From is null ? [] : new[] { policy.From }))
        {
            // A line break in an address would be a command to the server.
            if (address.Any(char.IsControl) || address.IndexOfAny([' ', '<', '>', ',', ';', '"', '(', ')', ':', '\\']) >= 0 || address.IndexOf('@') < 1 || address.LastIndexOf('@') != address.IndexOf('@') || address.EndsWith("@", StringComparison.Ordinal))
            {
                throw Invalid(policy, $"'{address}' is not an e-mail address.", "For example: admin@contoso.com");
            }
        }
    }

    private static InvalidRequestException Invalid(NotificationPolicy policy, string message, string remedy) =>
        new(ErrorIds.InvalidParameter, $"Notification policy {policy.Name}: {message}") { Target = policy.Name, Remedy = remedy };
}
