namespace KeyManager;

/// <summary>How a notice gets to people.</summary>
public enum NotificationChannel
{
    /// <summary>E-mail by a server that takes it (SMTP).</summary>
    Mail,

    /// <summary>A workflow of Microsoft Teams that was made for a webhook.</summary>
    Teams,

    /// <summary>An incoming webhook of Slack, or of what speaks like it.</summary>
    Slack,

    /// <summary>JSON to a URL of one's own, signed where a secret is given.</summary>
    Webhook,

    /// <summary>A PowerShell script.</summary>
    Script,
}
