using System;
using System.Collections.Generic;

namespace KeyManager.Tests.Support.Acme;

/// <summary>An authorization at the server.</summary>
public sealed class ServedAuthorization
{
    internal ServedAuthorization(string url, ServedAccount account, ServedIdentifier identifier)
    {
        Url = url;
        Account = account;
        Identifier = identifier;
    }

    public string Url { get; }

    public ServedAccount Account { get; }

    /// <summary>As in the order, with "*." when it is a wildcard.</summary>
    public ServedIdentifier Identifier { get; }

    /// <summary>"pending", "valid", "invalid", "deactivated" or "expired".</summary>
    public string Status { get; internal set; } = "pending";

    public DateTimeOffset Expires { get; internal set; }

    public IReadOnlyList<ServedChallenge> Challenges { get; internal set; } = [];
}
