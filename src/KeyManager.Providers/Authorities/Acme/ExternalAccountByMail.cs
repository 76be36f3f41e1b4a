using System;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>Credentials that an authority gives to whoever names a mail address, so that nobody has to sign up first (ZeroSSL).</summary>
internal static class ExternalAccountByMail
{
    /// <summary>Asks for them.</summary>
    /// <exception cref="CredentialException">KmExternalAccountRequired: it gives none for this address.</exception>
    public static async Task<ExternalAccount> GetAsync(string authority, HttpChannel channel, Uri url, string mail, string algorithm, CancellationToken cancellationToken)
    {
        byte[] form = Encoding.ASCII.GetBytes("email=" + Uri.EscapeDataString(mail));
        HttpAnswer answer = await channel.SendAsync(HttpMethod.Post, url, form, "application/x-www-form-urlencoded", "application/json", cancellationToken).ConfigureAwait(false);
        JObject json = JsonReading.Parse(answer.Body) ?? [];
        if (!answer.IsSuccess || json.Text("eab_kid") is not string id || json.Text("eab_hmac_key") is not string key)
        {
            string why = json.Object("error")?.Text("type") ?? json.Object("error")?.Text("info") ?? $"HTTP {answer.Status}";
            throw new CredentialException(ErrorIds.ExternalAccountRequired, $"{authority} gives no credentials for {mail}: {why}.")
            {
                Target = mail,
                Remedy = "Get a key id and a key on its website, and give them with -EabKeyId and -EabKey.",
            };
        }

        return new ExternalAccount(id, Base64Url.Decode(key), algorithm);
    }
}
