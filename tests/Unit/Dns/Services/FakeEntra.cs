using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>The token endpoint of Microsoft Entra ID (version 2) for one tenant with one app registration; makes and knows the tokens of <see cref="FakeAzure"/>.</summary>
internal sealed class FakeEntra(Func<DateTimeOffset> now, Func<Uri> url)
{
    public const string Tenant = "bbbbbbbb-0000-4000-8000-000000000002";
    public const string Client = "cccccccc-0000-4000-8000-000000000003";

    /// <summary>With every letter that a form has to escape.</summary>
    public const string Secret = "p+q&r=s%t~u v/w";

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly object _gate = new();
    private readonly Dictionary<string, (string Audience, DateTimeOffset End)> _tokens = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The certificate that was uploaded; <c>null</c> for none.</summary>
    public TestPki.Issued? Certificate { get; set; }

    /// <summary>The token of another issuer that fits the federated credential.</summary>
    public string? FederatedToken { get; set; }

    /// <summary>What is answered in the place of a token.</summary>
    public Func<Dictionary<string, string>, HttpAnswer?> Instead { get; set; } = _ => null;

    /// <summary>Audiences that the management takes.</summary>
    public IReadOnlyList<string> Audiences { get; set; } =
        ["https://management.azure.com", "https://management.azure.com/", "https://management.core.windows.net", "https://management.core.windows.net/"];

    /// <summary>Seconds that a token lasts.</summary>
    public int Life { get; set; } = 3599;

    /// <summary>Tokens so far.</summary>
    public int Issued { get; private set; }

    /// <summary>A token for something, good until then.</summary>
    public string MakeToken(string audience, DateTimeOffset end)
    {
        lock (_gate)
        {
            string claims = StrictJson.Write(new Dictionary<string, object?> { ["aud"] = audience, ["exp"] = end.ToUnixTimeSeconds(), ["tid"] = Tenant, ["uti"] = ++Issued });
            string token = $"{Base64Url.Encode(Encoding.ASCII.GetBytes("{\"alg\":\"RS256\"}"))}.{Base64Url.Encode(Encoding.ASCII.GetBytes(claims))}.c2lnbmF0dXJl";
            _tokens.Add(token, (audience, end));
            return token;
        }
    }

    /// <summary>Takes back every token.</summary>
    public void RevokeTokens()
    {
        lock (_gate)
        {
            _tokens.Clear();
        }
    }

    /// <summary>Why a token does not open the management; <c>null</c> when it does.</summary>
    public HttpAnswer? Refuse(string token)
    {
        lock (_gate)
        {
            return !_tokens.TryGetValue(token, out (string Audience, DateTimeOffset End) known) ? FakeAzure.Error(401, "InvalidAuthenticationToken", "The access token is invalid.")
                : known.End <= now() ? FakeAzure.Error(401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than current UTC time.")
                : !Audiences.Contains(known.Audience) ? FakeAzure.Error(401, "InvalidAuthenticationTokenAudience", $"The access token has been obtained for wrong audience or resource '{known.Audience}'.")
                : null;
        }
    }

    /// <summary>An error in the form of the endpoint.</summary>
    public static HttpAnswer Error(int status, string kind, int number, string text) => HttpAnswer.Json(status, new Dictionary<string, object?>
    {
        ["error"] = kind,
        ["error_description"] = $"AADSTS{number.ToString(CultureInfo.InvariantCulture)}: {text}\r\nTrace ID: 1234\r\nCorrelation ID: 5678",
        ["error_codes"] = new List<object?> { (long)number },
        ["timestamp"] = "2026-03-01 12:00:00Z",
        ["trace_id"] = "1234",
        ["correlation_id"] = "5678",
        ["error_uri"] = "https://login.example/error",
    });

    public HttpAnswer Answer(HttpCall call)
    {
        if (call.Method != "POST" || call.Field("Content-Type") != "application/x-www-form-urlencoded" || call.Field("Authorization") is not null || call.Target.Contains("?"))
        {
            throw new ServiceFault("A token is asked for with a form, by POST, and nothing else.");
        }

        Dictionary<string, string> form = ReadForm(Encoding.ASCII.GetString(call.Body));
        if (Instead(form) is HttpAnswer other)
        {
            return other;
        }

        string tenant = call.Target.Split('/')[1];
        if (tenant != Tenant)
        {
            return Error(400, "invalid_request", 90002, $"Tenant '{tenant}' not found.");
        }

        if (form["client_id"] != Client)
        {
            return Error(400, "unauthorized_client", 700016, $"Application with identifier '{form["client_id"]}' was not found in the directory.");
        }

        string scope = form["scope"];
        const string End = "/.default";
        string audience = scope.EndsWith(End, StringComparison.Ordinal) ? scope.Substring(0, scope.Length - End.Length) : "";
        return !Audiences.Contains(audience)
            ? Error(400, "invalid_scope", 70011, $"The provided value for scope {scope} is not valid.")
            : (form.TryGetValue("client_secret", out string? secret) ? CheckSecret(secret) : CheckAssertion(form["client_assertion"], $"{url().AbsoluteUri}{tenant}/oauth2/v2.0/token"))
                ?? HttpAnswer.Json(200, new Dictionary<string, object?>
                {
                    ["token_type"] = "Bearer",
                    ["expires_in"] = (long)Life,
                    ["ext_expires_in"] = (long)Life,
                    ["access_token"] = MakeToken(audience, now().AddSeconds(Life)),
                });
    }

    private static Dictionary<string, string> ReadForm(string body)
    {
        Dictionary<string, string> form = new(StringComparer.Ordinal);
        foreach (string pair in body.Split('&'))
        {
            string[] parts = pair.Split('=');
            if (parts.Length != 2 || pair.Any(c => !(char.IsLetterOrDigit(c) || "%+=-_.~*".IndexOf(c) >= 0)))
            {
                throw new ServiceFault("The form is not percent-encoded.");
            }

            form.Add(parts[0], Uri.UnescapeDataString(parts[1].Replace('+', ' ')));
        }

        string[] secret = ["client_id", "scope", "grant_type", "client_secret"];
        string[] assertion = ["client_id", "scope", "grant_type", "client_assertion_type", "client_assertion"];
        if (!(form.Keys.OrderBy(k => k, StringComparer.Ordinal).SequenceEqual(secret.OrderBy(k => k, StringComparer.Ordinal))
            || form.Keys.OrderBy(k => k, StringComparer.Ordinal).SequenceEqual(assertion.OrderBy(k => k, StringComparer.Ordinal))))
        {
            throw new ServiceFault($"The form has the wrong fields: {string.Join(", ", form.Keys)}.");
        }

        return form["grant_type"] == "client_credentials" && (!form.TryGetValue("client_assertion_type", out string? type) || type == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            ? form
            : throw new ServiceFault("The form has a wrong value.");
    }

    private static HttpAnswer? CheckSecret(string secret) => secret == Secret
        ? null
        : Error(401, "invalid_client", 7000215, $"Invalid client secret provided: '{secret}'. Ensure the secret being sent is the client secret value, not the client secret ID.");

    private HttpAnswer? CheckAssertion(string assertion, string audience)
    {
        if (FederatedToken is not null)
        {
            return assertion == FederatedToken ? null : Error(401, "invalid_client", 700213, "No matching federated identity record found for presented assertion subject.");
        }

        string[] parts = assertion.Split('.');
        JsonMembers header = JsonMembers.Parse(Base64Url.Decode(parts[0]), "header", "alg", "typ", "x5t#S256");
        if (header.Text("alg") != "PS256" || header.Text("typ") != "JWT")
        {
            throw new ServiceFault("The assertion is no JWT with PS256.");
        }

        if (Certificate is not { } known || Base64Url.Encode(Sha256(known.Der)) != header.Text("x5t#S256"))
        {
            return Error(401, "invalid_client", 700027, "The certificate with identifier used to sign the client assertion is not registered on application.");
        }

        if (!PssSignature.IsValid(known.Key.SubjectPublicKeyInfo, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.Decode(parts[2])))
        {
            throw new ServiceFault("The signature of the assertion is wrong.");
        }

        JsonMembers claims = JsonMembers.Parse(Base64Url.Decode(parts[1]), "claims", "aud", "iss", "sub", "jti", "nbf", "iat", "exp");
        if (claims.Text("aud") != audience || claims.Text("iss") != Client || claims.Text("sub") != Client || !Guid.TryParse(claims.Text("jti"), out _) || !_used.Add(claims.Text("jti")))
        {
            throw new ServiceFault("A claim of the assertion is wrong.");
        }

        DateTimeOffset from = DateTimeOffset.FromUnixTimeSeconds(claims.Number("nbf")!.Value);
        DateTimeOffset end = DateTimeOffset.FromUnixTimeSeconds(claims.Number("exp")!.Value);
        if (end - from > TimeSpan.FromMinutes(10) || end <= from)
        {
            throw new ServiceFault("The assertion lasts too long.");
        }

        return from <= now() + Skew && end >= now() - Skew
            ? null
            : Error(401, "invalid_client", 700024, "Client assertion is not within its valid time range.").With("Date", now().UtcDateTime.ToString("r", CultureInfo.InvariantCulture));
    }

    private static byte[] Sha256(byte[] data)
    {
        using SHA256 sha256 = SHA256.Create();
        return sha256.ComputeHash(data);
    }
}
