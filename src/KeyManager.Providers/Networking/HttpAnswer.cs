using System;
using System.Collections.Generic;

namespace KeyManager.Providers.Networking;

/// <summary>What a server answered, body and all.</summary>
internal sealed class HttpAnswer(Uri url, int status, IReadOnlyDictionary<string, IReadOnlyList<string>> headers, byte[] body)
{
    /// <summary>Where it was asked.</summary>
    public Uri Url { get; } = url;

    public int Status { get; } = status;

    public byte[] Body { get; } = body;

    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>The values of a header; letter case does not matter.</summary>
    public IReadOnlyList<string> All(string header) => headers.TryGetValue(header, out IReadOnlyList<string>? values) ? values : [];

    /// <summary>The first value of a header; <c>null</c> when there is none.</summary>
    public string? First(string header) => All(header) is { Count: > 0 } values ? values[0] : null;
}
