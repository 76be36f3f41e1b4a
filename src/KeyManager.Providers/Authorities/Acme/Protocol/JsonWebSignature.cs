using System;
using System.Security.Cryptography;
using System.Text;
using KeyManager.Providers.Keys;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>Requests as flattened JSON Web Signatures (RFC 7515 §7.2.2, RFC 8555 §6.2).</summary>
internal static class JsonWebSignature
{
    /// <summary>Signs with the key of an account that the server knows by URL.</summary>
    /// <param name="key">The key.</param>
    /// <param name="accountUrl">The account; <c>null</c> puts the public key in its place.</param>
    /// <param name="nonce">A fresh nonce; <c>null</c> for an inner signature, which has none.</param>
    /// <param name="url">Where it is sent.</param>
    /// <param name="payload">What is sent; <c>null</c> for a POST-as-GET.</param>
    public static JObject Sign(AccountKey key, string? accountUrl, string? nonce, string url, JObject? payload)
    {
        JObject header = new() { ["alg"] = key.Algorithm };
        if (accountUrl is null)
        {
            header["jwk"] = key.Jwk;
        }
        else
        {
            header["kid"] = accountUrl;
        }

        if (nonce is not null)
        {
            header["nonce"] = nonce;
        }

        header["url"] = url;
        return Build(header, payload is null ? "" : Encode(payload), key.Sign);
    }

    /// <summary>Binds an account key to credentials that the authority gave out (RFC 8555 §7.3.4).</summary>
    public static JObject Bind(ExternalAccount external, JObject accountKey, string url)
    {
        JObject header = new() { ["alg"] = external.Algorithm, ["kid"] = external.KeyId, ["url"] = url };
        return Build(header, Encode(accountKey), data =>
        {
            using HMAC mac = external.Algorithm switch
            {
                "HS384" => new HMACSHA384(external.Key),
                "HS512" => new HMACSHA512(external.Key),
                _ => new HMACSHA256(external.Key),
            };
            return mac.ComputeHash(data);
        });
    }

    private static JObject Build(JObject header, string payload, Func<byte[], byte[]> sign)
    {
        string protectedPart = Encode(header);
        byte[] signature = sign(Encoding.ASCII.GetBytes(protectedPart + "." + payload));
        return new JObject { ["protected"] = protectedPart, ["payload"] = payload, ["signature"] = Base64Url.Encode(signature) };
    }

    private static string Encode(JObject json) => Base64Url.Encode(Encoding.UTF8.GetBytes(json.ToString(Formatting.None)));
}
