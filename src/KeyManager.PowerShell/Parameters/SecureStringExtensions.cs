using System.Security;

namespace KeyManager.PowerShell;

/// <summary>Shorthand for passwords that go on to an API which takes nothing but a string.</summary>
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
}
