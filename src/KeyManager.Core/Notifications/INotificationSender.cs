using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Notifications;

/// <summary>Delivers messages over one or some of the channels.</summary>
public interface INotificationSender
{
    /// <summary>Whether it delivers over the channel.</summary>
    bool CanSend(NotificationChannel channel);

    /// <summary>Delivers; returns when the other side has taken it.</summary>
    /// <exception cref="KeyManagerException">It was not taken: KmNoticeNotDelivered, KmMailServerRefused, ...</exception>
    Task SendAsync(NotificationContext context, NotificationMessage message, CancellationToken cancellationToken);
}
