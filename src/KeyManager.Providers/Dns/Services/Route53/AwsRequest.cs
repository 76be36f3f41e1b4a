using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>A request before it is signed. What is sent and what is signed are made from the same parts, so that they cannot differ.</summary>
/// <param name="method">GET or POST.</param>
/// <param name="endpoint">Where the service is; its path stands before <paramref name="path"/>.</param>
/// <param name="path">The path, not encoded, beginning with a slash.</param>
/// <param name="parameters">The query, not encoded.</param>
internal sealed class AwsRequest(HttpMethod method, Uri endpoint, string path, params (string Name, string Value)[] parameters)
{
    public HttpMethod Method { get; } = method;

    /// <summary>Host, and port where it is not the usual one: what stands in the Host header.</summary>
    public string Host { get; } = endpoint.IsDefaultPort ? endpoint.Host : endpoint.Authority;

    /// <summary>The path, encoded.</summary>
    public string Path { get; } = string.Join("/", (endpoint.AbsolutePath.TrimEnd('/') + path).Split('/').Select(Encode));

    /// <summary>The query, encoded and in the order of the signature.</summary>
    public string Query { get; } = string.Join(
        "&",
        parameters.Select(p => (Name: Encode(p.Name), Value: Encode(p.Value)))
            .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal)
            .Select(p => $"{p.Name}={p.Value}"));

    public byte[]? Body { get; init; }

    public string? ContentType { get; init; }

    public Uri Url => new($"{endpoint.Scheme}://{Host}{Path}{(Query.Length == 0 ? "" : "?" + Query)}");

    /// <summary>Percent encoding of RFC 3986, upper-case digits, of everything that is not unreserved.</summary>
    public static string Encode(string text)
    {
        StringBuilder encoded = new();
        foreach (byte octet in Encoding.UTF8.GetBytes(text))
        {
            char c = (char)octet;
            bool isUnreserved = c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '.' or '_' or '~';
            encoded.Append(isUnreserved ? c.ToString() : $"%{octet:X2}");
        }

        return encoded.ToString();
    }
}
