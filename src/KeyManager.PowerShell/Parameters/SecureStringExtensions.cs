using System.Collections.Generic;
using System.Security;

namespace KeyManager.PowerShell;

/// <summary>Between a SecureString and text.</summary>
internal static class SecureStringExtensions
{
    /// <summary>The text, <c>null</c> when there is none.</summary>
    public static string? Reveal(this SecureString? secret)
    {
        if (secret is null)
        {
            return null;
        }

        using SecretText text = new(secret);
        return text.Reveal();
    }

    /// <summary>A text that nobody can change; the caller overwrites the characters.</summary>
    public static SecureString ToSecureString(this IEnumerable<char> text)
    {
        SecureString secret = new();
        foreach (char character in text)
        {
            secret.AppendChar(character);
        }

        secret.MakeReadOnly();
        return secret;
    }
}
