using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>Where managed identities are had: the metadata service of a virtual machine, the host of a web app in both its protocols, the agent of Azure Arc.</summary>
internal sealed class FakeIdentities(FakeEntra entra, Func<DateTimeOffset> now)
{
    public const string Header = "header-of-the-host";
    public const string UserAssigned = "dddddddd-0000-4000-8000-000000000004";
    public const string UserAssignedObject = "dddddddd-0000-4000-8000-000000000005";
    public const string UserAssignedResource = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/records";

    private string? _key;

    /// <summary>Where the agent of Azure Arc puts its keys.</summary>
    public string KeyFolder { get; set; } = "";

    /// <summary>Name of the file that the agent names; <c>null</c> for a new one in its folder.</summary>
    public string? KeyFile { get; set; }

    /// <summary>False for an agent that does not know user-assigned identities.</summary>
    public bool ArcKnowsIdentities { get; set; } = true;

    /// <summary>What is answered first, in order.</summary>
    public Queue<HttpAnswer> Before { get; } = new();

    /// <summary>Which identity the last token is of.</summary>
    public string? LastIdentity { get; private set; }

    public HttpAnswer Answer(HttpCall call)
    {
        if (call.Method != "GET" || call.Body.Length > 0)
        {
            throw new ServiceFault("A managed identity is asked for with GET.");
        }

        string path = call.Target.Split('?')[0];
        Dictionary<string, string> query = FakeAzure.Query(call);
        string? refusal = Refuse(call, path, query);
        if (refusal is not null)
        {
            throw new ServiceFault(refusal);
        }

        return Before.Count > 0 ? Before.Dequeue() : path == "/identity/arc" && call.Field("Authorization") is not string shown ? Challenge()
            : path == "/identity/arc" && call.Field("Authorization") != "Basic " + _key ? HttpAnswer.Json(401, new Dictionary<string, object?> { ["error"] = "unauthorized" })
            : Give(path, query);
    }

    private static string? Refuse(HttpCall call, string path, Dictionary<string, string> query)
    {
        (string version, string[] selectors) = path switch
        {
            "/identity/vm" => ("2018-02-01", new[] { "client_id", "object_id", "msi_res_id" }),
            "/identity/app" => ("2019-08-01", ["client_id", "principal_id", "object_id", "mi_res_id"]),
            "/identity/old" => ("2017-09-01", ["clientid"]),
            "/identity/arc" => ("2020-06-01", ["client_id", "object_id", "msi_res_id"]),
            _ => ("", []),
        };
        string[] others = [.. query.Keys.Except(["api-version", "resource", "extra"])];
        bool isShown = path switch
        {
            "/identity/app" => call.Field("X-IDENTITY-HEADER") == Header,
            "/identity/old" => call.Field("secret") == Header,
            _ => call.Field("Metadata") == "true",
        };
        return version.Length == 0 ? "There is no such place."
            : !isShown ? "The header is missing."
            : !query.TryGetValue("api-version", out string? asked) || asked != version ? "api-version is wrong."
            : others.Length > 1 || others.Except(selectors).Any() ? "Parameters that do not belong here."
            : call.Field("Via") is not null ? "It came over a proxy."
            : null;
    }

    private HttpAnswer Challenge()
    {
        _key = Identifier.New();
        string path = KeyFile ?? Path.Combine(KeyFolder, Identifier.New() + ".key");
        if (KeyFile is null)
        {
            File.WriteAllText(path, _key);
        }

        return HttpAnswer.Json(401, new Dictionary<string, object?> { ["error"] = "unauthorized_client" }).With("WWW-Authenticate", "Basic realm=" + path);
    }

    private HttpAnswer Give(string path, Dictionary<string, string> query)
    {
        string resource = query["resource"];
        if (!entra.Audiences.Contains(resource))
        {
            return HttpAnswer.Json(400, new Dictionary<string, object?> { ["error"] = "invalid_resource", ["error_description"] = $"The resource principal named {resource} was not found." });
        }

        KeyValuePair<string, string> selector = query.FirstOrDefault(q => q.Key is not ("api-version" or "resource" or "extra"));
        bool isKnown = selector.Value is null or UserAssigned or UserAssignedObject or UserAssignedResource;
        if (!isKnown)
        {
            return HttpAnswer.Json(400, new Dictionary<string, object?> { ["error"] = "invalid_request", ["error_description"] = "Identity not found" });
        }

        DateTimeOffset end = now().AddHours(24);
        LastIdentity = path == "/identity/arc" && !ArcKnowsIdentities ? null : selector.Value;
        Dictionary<string, object?> answer = new()
        {
            ["access_token"] = entra.MakeToken(resource, end),
            ["expires_on"] = path == "/identity/old" ? end.ToString("MM/dd/yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture) : end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["resource"] = resource,
            ["token_type"] = "Bearer",
        };
        if (path is "/identity/vm" or "/identity/arc")
        {
            answer["refresh_token"] = "";
            answer["expires_in"] = "85999";
            answer["ext_expires_in"] = "86399";
            answer["not_before"] = now().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }

        if (LastIdentity is not null)
        {
            answer[selector.Key] = LastIdentity.ToUpperInvariant();
        }

        return HttpAnswer.Json(200, answer);
    }
}
