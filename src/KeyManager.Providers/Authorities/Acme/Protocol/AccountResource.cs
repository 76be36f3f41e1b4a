using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>An account (RFC 8555 §7.1.2).</summary>
internal sealed record AccountResource
{
    /// <summary>Its status; servers that answer with an empty body mean a valid one.</summary>
    public required string Status { get; init; }

    public IReadOnlyList<string> Contact { get; init; } = [];

    /// <summary>The list of its orders; <c>null</c> where the server keeps none.</summary>
    public Uri? Orders { get; init; }

    public static AccountResource Read(JObject? json, Uri url) => new()
    {
        Status = json?.Text("status") ?? "valid",
        Contact = json?.Texts("contact") ?? [],
        Orders = json?.Url("orders", url),
    };

    /// <summary>newAccount (RFC 8555 §7.3).</summary>
    public static JObject Request(IReadOnlyList<string> contact, bool acceptTerms, bool onlyExisting, JObject? binding)
    {
        JObject request = [];
        if (onlyExisting)
        {
            request["onlyReturnExisting"] = true;
            return request;
        }

        if (contact.Count > 0)
        {
            request["contact"] = Mail(contact);
        }

        if (acceptTerms)
        {
            request["termsOfServiceAgreed"] = true;
        }

        if (binding is not null)
        {
            request["externalAccountBinding"] = binding;
        }

        return request;
    }

    /// <summary>RFC 8555 §7.3.2.</summary>
    public static JObject ContactUpdate(IReadOnlyList<string> contact) => new() { ["contact"] = Mail(contact) };

    /// <summary>RFC 8555 §7.3.6.</summary>
    public static JObject Deactivation() => new() { ["status"] = "deactivated" };

    /// <summary>The inner object of a key change (RFC 8555 §7.3.5), signed by the new key.</summary>
    public static JObject KeyChange(string accountUrl, AccountKey oldKey, AccountKey newKey, string url) =>
        JsonWebSignature.Sign(newKey, null, null, url, new JObject { ["account"] = accountUrl, ["oldKey"] = oldKey.Jwk });

    private static JArray Mail(IReadOnlyList<string> contact) => [.. contact.Select(c => c.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? c : "mailto:" + c)];
}
