using System;
using System.Linq;
using System.Security.Cryptography;

namespace KeyManager.Tests.Support.Acme;

/// <summary>External account binding (RFC 8555 §7.3.4).</summary>
internal sealed class ExternalAccountCheck(ServerContext context)
{
    /// <summary>The kid of a good binding; null when there is none and none is needed.</summary>
    public string? Read(JsonMembers members, SignedRequest request)
    {
        if (!members.Has("externalAccountBinding"))
        {
            return context.Policy.RequiresExternalAccount
                ? throw ServerProblem.Refusal("externalAccountRequired", "An external account binding is needed.", 403)
                : null;
        }

        SignedMessage binding = SignedMessage.Of(members.Value("externalAccountBinding"), "external account binding", "alg", "kid", "url");
        if (binding.Header.Text("url") != request.Url)
        {
            throw ServerProblem.Malformed("The external account binding is for another address than the request.");
        }

        object? key = ParsePayload(binding);
        if (Jwk.Parse(key, "payload of the external account binding").Thumbprint != request.Key.Thumbprint)
        {
            throw ServerProblem.Malformed("The payload of the external account binding is not the key of the account.");
        }

        string kid = binding.Header.Text("kid");
        bool isKnown = context.Policy.ExternalAccounts.TryGetValue(kid, out byte[]? mac);
        using HMAC hash = NewMac(binding.Algorithm, mac ?? [0]);
        if (!isKnown || !hash.ComputeHash(binding.Signed).SequenceEqual(binding.Signature))
        {
            throw ServerProblem.Refusal("unauthorized", "The external account is unknown, or its key is another.", 403);
        }

        bool isUsed = context.Accounts.Any(account => account.ExternalAccount == kid);
        return context.Policy.ExternalAccountsAreSingleUse && isUsed
            ? throw ServerProblem.Refusal("unauthorized", "The external account is bound already.", 403)
            : kid;
    }

    private static object? ParsePayload(SignedMessage binding)
    {
        try
        {
            return StrictJson.Parse(System.Text.Encoding.UTF8.GetString(binding.Payload));
        }
        catch (FormatException error)
        {
            throw ServerProblem.Malformed($"The payload of the external account binding is {error.Message}.");
        }
    }

    private static HMAC NewMac(string algorithm, byte[] key) => algorithm switch
    {
        "HS256" => new HMACSHA256(key),
        "HS384" => new HMACSHA384(key),
        "HS512" => new HMACSHA512(key),
        _ => throw ServerProblem.Violation("badSignatureAlgorithm", $"Algorithm '{algorithm}' is not for external account bindings."),
    };
}
