using System;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>Reads and believes a signed request (RFC 8555 §6.2 to §6.5), or says what is wrong with it.</summary>
internal sealed class RequestReader(ServerContext context)
{
    private static readonly string[] Algorithms = ["ES256", "ES384", "ES512", "RS256"];

    public SignedRequest Read(HttpCall call, string url, AcmeResource resource)
    {
        if (call.Field("Content-Type") != "application/jose+json")
        {
            throw ServerProblem.Violation("malformed", $"Content-Type is '{call.Field("Content-Type")}', not 'application/jose+json'.", 415);
        }

        SignedMessage message = SignedMessage.Parse(call.Body, "request", "alg", "nonce", "url", "jwk", "kid");
        RequireAlgorithm(message);
        string nonce = ReadNonce(message);
        (Jwk key, ServedAccount? account) = ReadSigner(message, resource);
        message.MustBeOf(key, "request");
        if (message.Header.Text("url") != url)
        {
            throw ServerProblem.Violation("unauthorized", $"The request to {url} was signed for {message.Header.Text("url")}.", 403);
        }

        context.Nonces.Use(nonce, context.Faults.PercentOfNoncesRefused);
        return account is null || account.Status == "valid"
            ? new SignedRequest(url, key, account, message.Payload)
            : throw ServerProblem.Refusal("unauthorized", $"The account is {account.Status}.", 403);
    }

    private void RequireAlgorithm(SignedMessage message)
    {
        string[] allowed = context.Policy.AllowsEd25519Accounts ? [.. Algorithms, "EdDSA"] : Algorithms;
        if (!allowed.Contains(message.Algorithm))
        {
            ServerProblem problem = ServerProblem.Violation("badSignatureAlgorithm", $"Algorithm '{message.Algorithm}' is not served.");
            problem.Members["algorithms"] = allowed;
            throw problem;
        }
    }

    private static string ReadNonce(SignedMessage message)
    {
        if (!message.Header.Has("nonce"))
        {
            throw ServerProblem.Violation("badNonce", "The protected header lacks 'nonce'.");
        }

        message.Header.Bytes("nonce");
        return message.Header.Text("nonce");
    }

    private (Jwk Key, ServedAccount? Account) ReadSigner(SignedMessage message, AcmeResource resource)
    {
        bool hasKey = message.Header.Has("jwk");
        if (hasKey == message.Header.Has("kid"))
        {
            throw ServerProblem.Malformed("The protected header has either 'jwk' or 'kid'.");
        }

        if (hasKey)
        {
            return resource is AcmeResource.NewAccount or AcmeResource.RevokeCertificate
                ? (Jwk.Parse(message.Header.Value("jwk"), "'jwk' of the request"), null)
                : throw ServerProblem.Malformed("This request names its account with 'kid', not its key with 'jwk'.");
        }

        if (resource == AcmeResource.NewAccount)
        {
            throw ServerProblem.Malformed("newAccount takes the key in 'jwk', not an account in 'kid'.");
        }

        string kid = message.Header.Text("kid");
        ServedAccount account = context.Accounts.FirstOrDefault(known => known.Url == kid)
            ?? throw ServerProblem.Refusal("accountDoesNotExist", $"There is no account {kid}.");
        return (account.Key, account);
    }
}
