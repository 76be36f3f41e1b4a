using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>An error of Azure Resource Manager. What comes from the DNS behind it stands there without the wrapper "error".</summary>
/// <param name="Code">What programs go by.</param>
/// <param name="Words">Its own words, with code and request id.</param>
internal sealed record ArmError(string Code, string Words)
{
    /// <summary>Reads an answer; <c>null</c> when it holds no such error, as that of a proxy.</summary>
    public static ArmError? TryRead(HttpAnswer answer)
    {
        JToken? json = ServiceClient.TryRead(answer);
        JToken? error = json is JObject top && top["error"] is JObject wrapped ? wrapped : json;
        if (error is not JObject found || found["code"] is not JValue { Type: JTokenType.String } code)
        {
            return null;
        }

        string message = found["message"] is JValue { Type: JTokenType.String } text ? ((string)text!).Trim() : "";
        string? request = answer.First("x-ms-correlation-request-id") ?? answer.First("x-ms-request-id");
        return new ArmError((string)code!, $"{message} ({(string)code!}{(request is null ? "" : $", request {request}")})".TrimStart());
    }

    public bool Is(string code) => string.Equals(Code, code, System.StringComparison.OrdinalIgnoreCase);
}
