using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>Where a server's resources are and what it says about itself (RFC 8555 §7.1.1). Entries that are not known are passed over.</summary>
internal sealed record DirectoryResource
{
    public required Uri Url { get; init; }

    public Uri? NewNonce { get; init; }

    public Uri? NewAccount { get; init; }

    public Uri? NewOrder { get; init; }

    public Uri? RevokeCert { get; init; }

    public Uri? KeyChange { get; init; }

    /// <summary>RFC 9773 §4.1; <c>null</c> where the server has no opinion on renewals.</summary>
    public Uri? RenewalInfo { get; init; }

    public string? TermsOfService { get; init; }

    public string? Website { get; init; }

    public IReadOnlyList<string> CaaIdentities { get; init; } = [];

    /// <summary>dns-persist-01, from draft 02 on: what its records name as issuer; empty with earlier drafts, and without it.</summary>
    public IReadOnlyList<string> IssuerDomainNames { get; init; } = [];

    /// <summary>dns-persist-01, from draft 02 on: what the account in its records begins with; <c>null</c> with earlier drafts, and without it.</summary>
    public string? AccountHashPrefix { get; init; }

    public bool ExternalAccountRequired { get; init; }

    /// <summary>Certificate profiles with what the server says about them; empty where it has none.</summary>
    public IReadOnlyDictionary<string, string> Profiles { get; init; } = new Dictionary<string, string>();

    public static DirectoryResource Read(JObject json, Uri url)
    {
        JObject meta = json.Object("meta") ?? [];
        return new DirectoryResource
        {
            Url = url,
            NewNonce = json.Url("newNonce", url),
            NewAccount = json.Url("newAccount", url),
            NewOrder = json.Url("newOrder", url),
            RevokeCert = json.Url("revokeCert", url),
            KeyChange = json.Url("keyChange", url),
            RenewalInfo = json.Url("renewalInfo", url),
            TermsOfService = meta.Text("termsOfService"),
            Website = meta.Text("website"),
            CaaIdentities = meta.Texts("caaIdentities"),
            IssuerDomainNames = meta.Texts("issuerDomainNames"),
            AccountHashPrefix = meta.Text("accountHashPrefix"),
            ExternalAccountRequired = meta.Flag("externalAccountRequired"),
            Profiles = meta.Object("profiles")?.Properties().ToDictionary(p => p.Name, p => p.Value.Type == JTokenType.String ? (string)p.Value! : "") ?? [],
        };
    }
}
