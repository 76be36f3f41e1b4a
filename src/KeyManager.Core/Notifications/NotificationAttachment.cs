namespace KeyManager.Notifications;

/// <summary>A file that goes with a message.</summary>
/// <param name="FileName">Its name, ASCII.</param>
/// <param name="MediaType">What it is, such as application/x-pem-file.</param>
/// <param name="Content">Its bytes.</param>
public sealed record NotificationAttachment(string FileName, string MediaType, byte[] Content)
{
    public override string ToString() => FileName;
}
