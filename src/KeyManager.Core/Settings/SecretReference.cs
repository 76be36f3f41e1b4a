using System;
using System.Text;

namespace KeyManager;

/// <summary>A secret that lies in a vault of SecretManagement: the store keeps where it is in the place of the secret itself.</summary>
/// <param name="VaultName">Name under which the vault is registered.</param>
/// <param name="Name">Name of the secret in it.</param>
public sealed record SecretReference(string VaultName, string Name)
{
    // No password, token or key begins with NUL, so what does is no secret but the place of one.
    private const string Mark = "\0vault\0";

    /// <summary>What is stored in the place of the secret, as text.</summary>
    public string Text => $"{Mark}{VaultName}\0{Name}";

    /// <summary>The place that is stored instead of a secret; <c>null</c> when it is the secret itself.</summary>
    public static SecretReference? Read(byte[]? stored)
    {
        if (stored is null || stored.Length <= Mark.Length || stored[0] != 0)
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(stored);
        string[] parts = text.StartsWith(Mark, StringComparison.Ordinal) ? text.Substring(Mark.Length).Split('\0') : [];
        return parts.Length == 2 ? new SecretReference(parts[0], parts[1]) : null;
    }

    public override string ToString() => $"'{Name}' of the vault '{VaultName}'";
}
