using System;
using System.Collections.Generic;

namespace KeyManager.Tests.Support.Acme;

/// <summary>An order at the server.</summary>
public sealed class ServedOrder
{
    internal ServedOrder(string url, ServedAccount account, IReadOnlyList<ServedIdentifier> identifiers)
    {
        Url = url;
        Account = account;
        Identifiers = identifiers;
    }

    public string Url { get; }

    public ServedAccount Account { get; }

    public IReadOnlyList<ServedIdentifier> Identifiers { get; }

    /// <summary>"pending", "ready", "processing", "valid" or "invalid".</summary>
    public string Status { get; internal set; } = "pending";

    public DateTimeOffset Expires { get; internal set; }

    /// <summary>Empty when none was asked for.</summary>
    public string Profile { get; internal set; } = "";

    public DateTimeOffset? NotBefore { get; internal set; }

    public DateTimeOffset? NotAfter { get; internal set; }

    /// <summary>The certificate it replaces, as RFC 9773 §4.1 names it; null when it replaces none.</summary>
    public string? Replaces { get; internal set; }

    public IReadOnlyList<ServedAuthorization> Authorizations { get; internal set; } = [];

    public ServedCertificate? Certificate { get; internal set; }

    /// <summary>How many finalize requests it got, accepted or not.</summary>
    public int FinalizeAttempts { get; internal set; }

    /// <summary>How many of them the server accepted; never more than one.</summary>
    public int Finalizations { get; internal set; }

    internal ServerCsr? Request { get; set; }

    internal int PollsLeft { get; set; }

    internal Dictionary<string, object?>? Error { get; set; }
}
