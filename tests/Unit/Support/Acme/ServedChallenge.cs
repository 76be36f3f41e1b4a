using System;
using System.Collections.Generic;

namespace KeyManager.Tests.Support.Acme;

/// <summary>A challenge at the server.</summary>
public sealed class ServedChallenge
{
    internal ServedChallenge(string url, string type, string token)
    {
        Url = url;
        Type = type;
        Token = token;
    }

    public string Url { get; }

    public string Type { get; }

    public string Token { get; }

    /// <summary>"pending", "processing", "valid" or "invalid".</summary>
    public string Status { get; internal set; } = "pending";

    /// <summary>How often the client said that it is ready.</summary>
    public int Triggers { get; internal set; }

    internal int PollsLeft { get; set; }

    internal DateTimeOffset? Validated { get; set; }

    internal Dictionary<string, object?>? Error { get; set; }
}
