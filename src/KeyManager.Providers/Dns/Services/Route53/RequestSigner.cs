using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>AWS Signature Version 4 in the Authorization header. No I/O.</summary>
internal static class RequestSigner
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The request with its signature.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="credentials">Who asks.</param>
    /// <param name="region">The region that the service signs for, such as us-east-1.</param>
    /// <param name="service">Its name in signatures, such as route53.</param>
    /// <param name="now">The time of the signature; a service takes it when it is at most some minutes off.</param>
    public static HttpQuestion Sign(AwsRequest request, AwsCredentials credentials, string region, string service, DateTimeOffset now)
    {
        string time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string date = time.Substring(0, 8);
        List<(string Name, string Value)> headers = [("host", request.Host), ("x-amz-date", time)];
        if (request.ContentType is not null)
        {
            headers.Insert(0, ("content-type", request.ContentType));
        }

        if (credentials.SessionToken is not null)
        {
            headers.Add(("x-amz-security-token", credentials.SessionToken));
        }

        string names = string.Join(";", headers.Select(h => h.Name));
        string scope = $"{date}/{region}/{service}/aws4_request";
        string text = $"{Algorithm}\n{time}\n{scope}\n{Hex(Hashes.Sha256(Utf8(CanonicalRequest(request, headers))))}";
        byte[] key = SigningKey(credentials.SecretAccessKey, date, region, service);
        string signature = Hex(Hmac(key, text));
        Array.Clear(key, 0, key.Length);
        return new HttpQuestion(request.Method, request.Url)
        {
            Body = request.Body,
            ContentType = request.ContentType,
            Headers =
            [
                .. headers.Where(h => h.Name.StartsWith("x-amz-", StringComparison.Ordinal)),
                ("Authorization", $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={signature}"),
            ],
        };
    }

    /// <summary>The text whose hash is signed.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="headers">What is signed with it: names in lower case, in their order.</param>
    internal static string CanonicalRequest(AwsRequest request, IReadOnlyList<(string Name, string Value)> headers) => string.Join(
        "\n",
        request.Method.Method,
        request.Path,
        request.Query,
        string.Concat(headers.Select(h => $"{h.Name}:{h.Value.Trim()}\n")),
        string.Join(";", headers.Select(h => h.Name)),
        Hex(Hashes.Sha256(request.Body ?? [])));

    /// <summary>The key of one day, region and service. Overwrite it after use.</summary>
    internal static byte[] SigningKey(byte[] secret, string date, string region, string service)
    {
        byte[] key = [.. Utf8("AWS4"), .. secret];
        foreach (string step in new[] { date, region, service, "aws4_request" })
        {
            byte[] next = Hmac(key, step);
            Array.Clear(key, 0, key.Length);
            key = next;
        }

        return key;
    }

    private static byte[] Hmac(byte[] key, string text)
    {
        using HMACSHA256 hmac = new(key);
        return hmac.ComputeHash(Utf8(text));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Hex(byte[] bytes) => Hashes.ToHex(bytes).ToLowerInvariant();
}
