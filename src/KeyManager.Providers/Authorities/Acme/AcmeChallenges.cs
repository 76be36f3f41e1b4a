using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Challenges;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Challenges;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>The server's challenges as ours: what to publish where. Types that are not known are passed over.</summary>
internal static class AcmeChallenges
{
    private static readonly IReadOnlyDictionary<string, ChallengeType> Types = new Dictionary<string, ChallengeType>(StringComparer.Ordinal)
    {
        ["http-01"] = ChallengeType.Http01,
        ["dns-01"] = ChallengeType.Dns01,
        ["tls-alpn-01"] = ChallengeType.TlsAlpn01,
        ["dns-account-01"] = ChallengeType.DnsAccount01,
        ["dns-persist-01"] = ChallengeType.DnsPersist01,
    };

    /// <summary>The challenges of one authorization; their addresses go into <paramref name="data"/>.</summary>
    /// <param name="order">The order.</param>
    /// <param name="number">The place of the authorization, 1 for the first.</param>
    /// <param name="authorization">What the server says.</param>
    /// <param name="client">The account, which the values depend on.</param>
    /// <param name="persist">How dns-persist-01 records are written for it.</param>
    /// <param name="data">Remembers the addresses.</param>
    public static IEnumerable<Challenge> Read(CertificateOrder order, int number, AuthorizationResource authorization, AcmeClient client, PersistScheme persist, AcmeOrderData.Authorization data)
    {
        if (!DomainName.TryParse(authorization.Identifier, out DomainName name))
        {
            yield break;
        }

        foreach (ChallengeResource resource in authorization.Challenges)
        {
            if (!Types.TryGetValue(resource.Type, out ChallengeType type) || resource.Url is null || Describe(type, name, authorization.IsWildcard, resource, client, persist) is not Challenge described)
            {
                continue;
            }

            data.Challenges[type] = resource.Url.AbsoluteUri;
            yield return described with
            {
                Id = string.Format(CultureInfo.InvariantCulture, "{0}/{1}", number, type),
                OrderId = order.Id,
                Status = authorization.Status == "valid" ? ChallengeStatus.Valid : ToStatus(resource.Status),
                ErrorDetail = resource.Error?.ToString(),
            };
        }
    }

    public static ChallengeStatus ToStatus(string word) => word switch
    {
        "processing" => ChallengeStatus.Processing,
        "valid" => ChallengeStatus.Valid,
        "invalid" => ChallengeStatus.Invalid,
        _ => ChallengeStatus.Pending,
    };

    private static Challenge? Describe(ChallengeType type, DomainName name, bool isWildcard, ChallengeResource resource, AcmeClient client, PersistScheme persist)
    {
        if (type == ChallengeType.DnsPersist01)
        {
            return persist.Accepts(resource)
                ? New(
                    type,
                    name,
                    "",
                    ProofText.PersistentRecordName(name.BaseName),
                    new PersistValue(resource.IssuerDomainNames[0], persist.AccountUri(name.BaseName, resource.AccountUrl), isWildcard, null).ToString())
                : null;
        }

        if (resource.Token is not { Length: > 0 } token)
        {
            return null;
        }

        string authorized = client.Key.Authorize(token);
        return type switch
        {
            ChallengeType.Http01 => New(type, name, token, ProofText.FileUrl(name, token), authorized),
            ChallengeType.TlsAlpn01 => New(type, name, token, ProofText.TlsEndPoint(name), authorized),
            ChallengeType.DnsAccount01 => New(type, name, "", ProofText.AccountRecordName(name.BaseName, client.AccountUrl), ProofText.RecordValue(authorized)),
            _ => New(type, name, "", ProofText.RecordName(name.BaseName), ProofText.RecordValue(authorized)),
        };
    }

    private static Challenge New(ChallengeType type, DomainName name, string token, string location, string value) =>
        new() { Id = "", OrderId = "", DomainName = name, Type = type, Token = token, Location = location, Value = value };
}
