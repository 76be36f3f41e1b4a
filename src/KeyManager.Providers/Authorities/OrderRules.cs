using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Authorities;

namespace KeyManager.Providers.Authorities;

/// <summary>What authorities that sell certificates refuse before an order is sent.</summary>
/// <param name="about">The authority.</param>
internal sealed class OrderRules(AuthorityDescription about)
{
    /// <summary>A key of a type that it does not certify.</summary>
    /// <exception cref="InvalidRequestException">KmAuthorityCannot.</exception>
    public void CheckKey(CertificateOrder order)
    {
        if (!about.KeyTypes.Contains(order.KeySpec.ToString()))
        {
            throw Cannot($"certifies no {order.KeySpec} keys", order.KeySpec, $"It takes {string.Join(", ", about.KeyTypes)}: -KeyAlgorithm and -KeyLength.");
        }
    }

    /// <summary>Parameters that are meant for other authorities.</summary>
    /// <exception cref="InvalidRequestException">KmAuthorityCannot.</exception>
    public void RefuseForeign(string remedy, params (string Parameter, bool IsGiven)[] parameters)
    {
        List<string> given = [.. parameters.Where(p => p.IsGiven).Select(p => p.Parameter)];
        if (given.Count > 0)
        {
            throw Cannot($"knows no {string.Join(" and no ", given)}", given[0], remedy);
        }
    }

    /// <summary>A file as the proof for a wildcard.</summary>
    /// <exception cref="InvalidRequestException">KmAuthorityCannot.</exception>
    public void RefuseFileForWildcard(CertificateOrder order, string remedy)
    {
        if (order.ChallengeType is ChallengeType.HttpFile or ChallengeType.HttpsFile && order.DomainNames.FirstOrDefault(n => n.IsWildcard) is { Ascii.Length: > 0 } wildcard)
        {
            throw Cannot($"accepts no file as proof for a wildcard such as '{wildcard}', as no public authority does", wildcard.Ascii, remedy);
        }
    }

    /// <summary>Accounts are closed by people.</summary>
    public InvalidRequestException CannotClose(AuthorityAccount account) =>
        Cannot("closes no accounts from here", account.Name, $"Ask its support; Remove-KmAccount {account.Name} forgets the account here.");

    public InvalidRequestException Cannot(string what, object target, string remedy) => new(ErrorIds.AuthorityCannot, $"{about.Title} {what}.") { Target = target, Remedy = remedy };
}
