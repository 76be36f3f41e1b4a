using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>Recomputes Signature Version 4 from the octets of a request, as AWS does. Shares nothing with the client.</summary>
internal static class AwsSignature
{
    /// <exception cref="ServiceFault">The request is not in its form.</exception>
    /// <exception cref="AwsRefusal">The key, the signature or the time is wrong.</exception>
    public static void Check(HttpCall call, IReadOnlyDictionary<string, (string Secret, string? Token, DateTimeOffset? End)> keys, DateTimeOffset now, string region, string service)
    {
        Match header = Regex.Match(
            call.Field("Authorization") ?? "",
            @"^AWS4-HMAC-SHA256 Credential=(?<id>\w+)/(?<date>\d{8})/(?<region>[a-z0-9-]+)/(?<service>\w+)/aws4_request, SignedHeaders=(?<names>[a-z0-9;-]+), Signature=(?<signature>[0-9a-f]{64})$");
        string[] names = header.Success ? header.Groups["names"].Value.Split(';') : throw new ServiceFault($"Authorization is '{call.Field("Authorization")}'");
        bool isOrdered = Enumerable.SequenceEqual(names, names.OrderBy(n => n, StringComparer.Ordinal));
        string time = call.Field("X-Amz-Date") ?? "";
        string? token = call.Field("X-Amz-Security-Token");
        string[] wanted = [.. call.Body.Length > 0 ? ["content-type"] : Array.Empty<string>(), "host", "x-amz-date", .. token is null ? Array.Empty<string>() : ["x-amz-security-token"]];
        if (!isOrdered || wanted.Except(names).Any() || names.Intersect(["user-agent", "connection", "content-length", "accept-encoding", "expect"]).Any())
        {
            throw new ServiceFault($"signed are {string.Join(";", names)}");
        }

        if (header.Groups["region"].Value != region || header.Groups["service"].Value != service || !time.StartsWith(header.Groups["date"].Value, StringComparison.Ordinal))
        {
            throw new ServiceFault($"the scope is {header.Value}");
        }

        string id = header.Groups["id"].Value;
        if (!keys.TryGetValue(id, out (string Secret, string? Token, DateTimeOffset? End) key) || key.Token != token)
        {
            throw new AwsRefusal(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
        }

        string[] target = call.Target.Split(['?'], 2);
        string query = target.Length == 1 ? "" : string.Join("&", target[1].Split('&').OrderBy(p => p.Split('=')[0], StringComparer.Ordinal).ThenBy(p => p, StringComparer.Ordinal));
        string fields = string.Concat(names.Select(n => n + ":" + Regex.Replace((call.Field(n) ?? throw new ServiceFault($"no header {n}")).Trim(), " +", " ") + "\n"));
        string canonical = $"{call.Method}\n{target[0]}\n{query}\n{fields}\n{header.Groups["names"].Value}\n{Hash(call.Body)}";
        string scope = $"{header.Groups["date"].Value}/{region}/{service}/aws4_request";
        byte[] signing = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + key.Secret), Hmac);
        string signature = Hex.Write(Hmac(signing, $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}"));
        if (signature != header.Groups["signature"].Value)
        {
            throw new AwsRefusal(403, "SignatureDoesNotMatch", $"The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been '{canonical}'");
        }

        DateTimeOffset signed = DateTimeOffset.ParseExact(time, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        if ((signed - now).Duration() > TimeSpan.FromMinutes(15))
        {
            throw new AwsRefusal(403, "SignatureDoesNotMatch", $"Signature {(signed < now ? "expired" : "not yet current")}: {time} is not within 15 min. of {now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        }

        if (key.End <= now)
        {
            throw new AwsRefusal(403, "ExpiredToken", "The security token included in the request is expired");
        }
    }

    private static byte[] Hmac(byte[] key, string text)
    {
        using HMACSHA256 hmac = new(key);
        return hmac.ComputeHash(Encoding.UTF8.GetBytes(text));
    }

    private static string Hash(byte[] octets)
    {
        using SHA256 sha = SHA256.Create();
        return Hex.Write(sha.ComputeHash(octets));
    }
}
