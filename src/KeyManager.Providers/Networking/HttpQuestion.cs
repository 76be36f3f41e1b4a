using System;
using System.Collections.Generic;
using System.Net.Http;

namespace KeyManager.Providers.Networking;

/// <summary>What a server is asked. Its headers may hold secrets, so it has no text of its own.</summary>
internal sealed class HttpQuestion(HttpMethod method, Uri url)
{
    public HttpMethod Method { get; } = method;

    public Uri Url { get; } = url;

    /// <summary>What is sent; <c>null</c> for nothing.</summary>
    public byte[]? Body { get; init; }

    /// <summary>What the body is, exactly as it is to stand in the header.</summary>
    public string? ContentType { get; init; }

    /// <summary>Headers, beside the one of the body.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
