using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>
/// Gets tokens from Microsoft Entra ID with what an app registration knows: a secret, a certificate, or the token of another issuer (client credentials, RFC 6749 §4.4, RFC 7523 §2.2).
/// </summary>
internal sealed class TokenEndpoint(HttpChannels channels, Clock clock)
{
    public const string ServiceName = "Microsoft Entra ID";

    /// <exception cref="CredentialException">KmDnsCredentialRejected, KmDnsClockWrong.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmFileNotFound: a file that is needed cannot be read.</exception>
    public async Task<AccessToken> GetTokenAsync(AzureSettings settings, CancellationToken cancellationToken)
    {
        DnsContext context = settings.Context;
        ServiceClient service = new(context, channels.Get(ServiceName, context), clock);
        List<string> secrets = [];
        List<byte[]> bodies = [];
        try
        {
            HttpAnswer answer = await service.SendAsync(
                () =>
                {
                    byte[] body = Form(settings, secrets);
                    bodies.Add(body);
                    return new HttpQuestion(HttpMethod.Post, settings.TokenUrl) { Body = body, ContentType = "application/x-www-form-urlencoded", Headers = [("Accept", "application/json")] };
                },
                cancellationToken,
                answer => TokenError.TryRead(answer)?.IsTemporary == true).ConfigureAwait(false);
            return answer.IsSuccess
                ? service.Read(answer, json => AccessToken.Read(json, clock.UtcNow))
                : throw TokenError.Explain(settings, answer, secrets, clock.UtcNow);
        }
        finally
        {
            bodies.ForEach(b => Array.Clear(b, 0, b.Length));
        }
    }

    /// <summary>Reads the token of the other issuer; it is changed every now and then by whoever writes the file.</summary>
    /// <exception cref="InvalidRequestException">KmFileNotFound, KmInvalidSetting.</exception>
    public static string ReadFederatedToken(string path)
    {
        try
        {
            string text = File.ReadAllText(path).Trim();
            return text.Length > 0
                ? text
                : throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The file '{path}' holds no token.")
                {
                    Target = path,
                    Remedy = $"Name the right file with -{AzureSettings.FederatedTokenPath}.",
                };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException(ErrorIds.FileNotFound, $"The token '{path}' cannot be read: {error.Message}", error)
            {
                Target = path,
                Remedy = $"Name the right file with -{AzureSettings.FederatedTokenPath}; in Kubernetes it is in the variable AZURE_FEDERATED_TOKEN_FILE.",
            };
        }
    }

    private byte[] Form(AzureSettings settings, List<string> secrets)
    {
        DnsContext context = settings.Context;
        List<(string Name, string Value)> fields = [("grant_type", "client_credentials"), ("client_id", context.Setting(AzureSettings.ClientId) ?? ""), ("scope", settings.Scope)];
        if (context.GetSecretText(AzureSettings.ClientSecret) is string secret)
        {
            fields.Add(("client_secret", secret));
        }
        else
        {
            fields.Add(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
            fields.Add(("client_assertion", Assertion(settings)));
        }

        secrets.Add(fields[fields.Count - 1].Value);
        return Encoding.ASCII.GetBytes(string.Join("&", fields.Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value)}")));
    }

    private string Assertion(AzureSettings settings)
    {
        DnsContext context = settings.Context;
        if (context.Setting(AzureSettings.ClientCertificatePath) is not string path)
        {
            return ReadFederatedToken(context.Setting(AzureSettings.FederatedTokenPath) ?? "");
        }

        using ClientCertificate certificate = ClientCertificate.Read(path, context.GetSecretText(AzureSettings.ClientCertificatePassword));
        return certificate.MakeAssertion(context.Setting(AzureSettings.ClientId) ?? "", settings.TokenUrl, clock.UtcNow);
    }
}
