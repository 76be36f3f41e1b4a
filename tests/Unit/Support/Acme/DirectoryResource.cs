using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>The directory (RFC 8555 §7.1.1) with its metadata, and new nonces (§7.2).</summary>
internal sealed class DirectoryResource(ServerContext context)
{
    public HttpAnswer Get()
    {
        ServerPolicy policy = context.Policy;
        Dictionary<string, object?> members = new()
        {
            ["newNonce"] = context.Url(Paths.NewNonce),
            ["newAccount"] = context.Url(Paths.NewAccount),
            ["revokeCert"] = context.Url(Paths.RevokeCertificate),
        };
        if (!context.Oddities.DirectoryWithoutNewOrder)
        {
            members["newOrder"] = context.Url(Paths.NewOrder);
        }

        if (policy.ServesKeyChange)
        {
            members["keyChange"] = context.Url(Paths.KeyChange);
        }

        if (policy.ServesRenewalInfo)
        {
            members["renewalInfo"] = context.Url(Paths.RenewalInfo);
        }

        if (context.Oddities.StrangeDirectoryEntries)
        {
            members["qT2nJ8"] = 42L;
            members["features"] = new Dictionary<string, object?> { ["newOrder"] = false };
            members["none"] = null;
            members["random"] = "https://ca.example/read-me";
        }

        members["meta"] = Meta(policy);
        return HttpAnswer.Json(200, members);
    }

    public HttpAnswer NewNonce(string method) => new HttpAnswer(method == "HEAD" ? 200 : 204)
        .With("Replay-Nonce", context.Nonces.Issue())
        .With("Cache-Control", "no-store");

    private static Dictionary<string, object?> Meta(ServerPolicy policy)
    {
        Dictionary<string, object?> meta = new() { ["caaIdentities"] = policy.CaaIdentities };
        if (policy.TermsOfService is not null)
        {
            meta["termsOfService"] = policy.TermsOfService.AbsoluteUri;
        }

        if (policy.Website is not null)
        {
            meta["website"] = policy.Website.AbsoluteUri;
        }

        if (policy.RequiresExternalAccount)
        {
            meta["externalAccountRequired"] = true;
        }

        if (policy.Profiles.Count > 0)
        {
            meta["profiles"] = policy.Profiles.ToDictionary(profile => profile.Key, profile => (object?)profile.Value.Description);
        }

        return meta;
    }
}
