using System.Collections.Generic;

namespace KeyManager.Tests.Support.Acme;

/// <summary>An account at the server.</summary>
public sealed class ServedAccount
{
    internal ServedAccount(string url, Jwk key)
    {
        Url = url;
        Key = key;
    }

    public string Url { get; }

    /// <summary>"valid", "deactivated" or "revoked"; a test may set it.</summary>
    public string Status { get; set; } = "valid";

    public IReadOnlyList<string> Contacts { get; internal set; } = [];

    public bool HasAgreedToTerms { get; internal set; }

    /// <summary>The kid of the external account it is bound to; null without.</summary>
    public string? ExternalAccount { get; internal set; }

    /// <summary>How often its key was changed.</summary>
    public int KeyChanges { get; internal set; }

    public string KeyThumbprint => Key.Thumbprint;

    /// <summary>"EC P-256", "RSA 2048".</summary>
    public string KeyDescription => Key.Description;

    internal Jwk Key { get; set; }
}
