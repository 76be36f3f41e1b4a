namespace KeyManager.Challenges;

/// <summary>A secret for a script, which gets it as a SecureString, or as a PSCredential where a user name belongs to it.</summary>
/// <param name="value">UTF-8; the caller overwrites it.</param>
/// <param name="userName">The user name; <c>null</c> for none.</param>
public sealed class ScriptSecret(byte[] value, string? userName = null)
{
    public byte[] Value { get; } = value;

    public string? UserName { get; } = userName;
}
