using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Notifications;

namespace KeyManager.Providers.Notifications;

/// <summary>Hands messages to a script of the user's: -Subject, -Text, -Event and -Name (of the entries), the last two with commas between.</summary>
internal sealed class ScriptSender : INotificationSender
{
    public bool CanSend(NotificationChannel channel) => channel == NotificationChannel.Script;

    public async Task SendAsync(NotificationContext context, NotificationMessage message, CancellationToken cancellationToken)
    {
        if (context.Scripts is null)
        {
            throw new InvalidRequestException(ErrorIds.NoticeNotDelivered, $"The script of {context.Policy} needs a PowerShell, and none is at hand.") { Target = context.Policy.Name, Remedy = "Run the command at a PowerShell prompt or in a task of PowerShell." };
        }

        await context.Scripts.RunAsync(
            context.Policy.ScriptPath ?? "",
            new Dictionary<string, string>
            {
                ["Subject"] = message.Subject,
                ["Text"] = message.Text,
                ["Event"] = string.Join(",", message.Notices.Select(n => n.Event).Distinct()),
                ["Name"] = string.Join(",", message.Notices.Select(n => n.Name).Distinct()),
            },
            cancellationToken).ConfigureAwait(false);
    }
}
