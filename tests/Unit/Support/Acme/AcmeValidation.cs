using System;
using System.Text;

namespace KeyManager.Tests.Support.Acme;

/// <summary>What the server is about to look at.</summary>
/// <param name="Type">"http-01", "dns-01" and so on.</param>
/// <param name="IdentifierType">"dns" or "ip".</param>
/// <param name="Identifier">The name, without "*.".</param>
/// <param name="IsWildcard">The order has it with "*.".</param>
/// <param name="Token">Of the challenge; empty for dns-persist-01.</param>
/// <param name="KeyAuthorization">Token and thumbprint of the account's key (RFC 8555 §8.1).</param>
/// <param name="AccountUrl">Whose it is; dns-account-01 and dns-persist-01 look for it.</param>
public sealed record AcmeValidation(string Type, string IdentifierType, string Identifier, bool IsWildcard, string Token, string KeyAuthorization, string AccountUrl)
{
    /// <summary>Where the key authorization is for http-01 (RFC 8555 §8.3).</summary>
    public Uri FileUrl => new($"http://{(Identifier.IndexOf(':') >= 0 ? $"[{Identifier}]" : Identifier)}/.well-known/acme-challenge/{Token}");

    /// <summary>The TXT record of dns-01 (RFC 8555 §8.4).</summary>
    public string RecordName => "_acme-challenge." + Identifier;

    /// <summary>Its value.</summary>
    public string RecordValue => Base64Url.Encode(Org.BouncyCastle.Security.DigestUtilities.CalculateDigest("SHA-256", Encoding.ASCII.GetBytes(KeyAuthorization)));
}
