using System.Collections.Generic;

namespace KeyManager.Notifications;

/// <summary>What is delivered.</summary>
/// <param name="Subject">One line, without a line break.</param>
/// <param name="Text">The whole of it in plain text.</param>
/// <param name="Notices">What it tells, one by one; empty for a test or a certificate.</param>
/// <param name="Attachments">Files that go with it; only mail carries them.</param>
public sealed record NotificationMessage(string Subject, string Text, IReadOnlyList<Notice> Notices, IReadOnlyList<NotificationAttachment> Attachments)
{
    /// <summary>Sent by Send-KmNotification to see that it arrives.</summary>
    public bool IsTest { get; init; }

    public override string ToString() => Subject;
}
