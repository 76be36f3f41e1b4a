using KeyManager.Providers.Keys;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>revokeCert (RFC 8555 §7.6).</summary>
internal static class RevocationRequest
{
    /// <param name="certificate">DER.</param>
    /// <param name="reason">Unspecified is not sent, as RFC 5280 §5.3.1 wants it left out of lists.</param>
    public static JObject Create(byte[] certificate, RevocationReason reason)
    {
        JObject request = new() { ["certificate"] = Base64Url.Encode(certificate) };
        if (reason != RevocationReason.Unspecified)
        {
            request["reason"] = (int)reason;
        }

        return request;
    }
}
