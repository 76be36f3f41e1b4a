using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Notifications;
using KeyManager.Operations;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Notifications;

/// <summary>Mails messages by the mail server of the policy.</summary>
internal sealed class MailSender(Clock clock) : INotificationSender
{
    /// <summary>A server that hangs must not hold a sweep.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public bool CanSend(NotificationChannel channel) => channel == NotificationChannel.Mail;

    public async Task SendAsync(NotificationContext context, NotificationMessage message, CancellationToken cancellationToken)
    {
        NotificationPolicy policy = context.Policy;
        string server = policy.SmtpServer ?? "";
        int port = policy.SmtpPort > 0 ? policy.SmtpPort : policy.MailSecurity switch { MailSecurity.Tls => 465, MailSecurity.StartTls => 587, _ => 25 };
        try
        {
            await TimeLimit.RunAsync(
                clock,
                Patience,
                async token =>
                {
                    await SendAsync(context, server, port, message, token).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw Unreachable(server, port, $"it did not answer within {Patience.TotalSeconds:0} seconds", error);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Unreachable(server, port, error.GetBaseException().Message.TrimEnd('.'), error);
        }
    }

    private async Task SendAsync(NotificationContext context, string server, int port, NotificationMessage message, CancellationToken cancellationToken)
    {
        NotificationPolicy policy = context.Policy;
        using TrustedRoots? roots = policy.TrustedRootPath is null ? null : TrustedRoots.Read(policy.TrustedRootPath);
        using SmtpConversation talk = new(server, roots);
        await talk.OpenAsync(port, policy.MailSecurity, cancellationToken).ConfigureAwait(false);
        if (policy.UserName is not null)
        {
            byte[] password = context.Secret(ManageNotifications.Password) ?? [];
            try
            {
                await talk.AuthenticateAsync(policy.UserName, password, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Array.Clear(password, 0, password.Length);
            }
        }

        string from = policy.From ?? policy.To[0];
        IReadOnlyList<string> to = [.. policy.To.Select(MimeText.Address)];
        await talk.SendAsync(MimeText.Address(from), to, MimeText.Lines(from, policy.To, message, Identifier.New(), clock.UtcNow), cancellationToken).ConfigureAwait(false);
    }

    private static TransportException Unreachable(string server, int port, string cause, Exception inner) =>
        new(ErrorIds.MailServerUnreachable, FormattableString.Invariant($"The mail server {server} cannot be reached at port {port}: {cause}."), inner)
        {
            Target = server,
            IsTransient = true,
            Remedy = "Check -SmtpServer, -SmtpPort and -MailSecurity, and the firewall between.",
        };
}
