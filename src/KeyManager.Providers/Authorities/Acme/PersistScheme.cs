using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Challenges;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>How the records of dns-persist-01 name a server and an account of it. Draft 02 and the ones before it do not agree; the directory says which one the server follows.</summary>
internal sealed class PersistScheme
{
    private const int MostIssuers = 10;
    private const int LongestName = 253;
    private const string HashName = "sha-256";

    private readonly DirectoryResource _directory;
    private readonly string _accountUrl;
    private readonly string _thumbprint;

    private PersistScheme(DirectoryResource directory, string accountUrl, string thumbprint)
    {
        _directory = directory;
        _accountUrl = accountUrl;
        _thumbprint = thumbprint;
    }

    /// <summary>What a record may name as issuer; before draft 02 only a challenge says for sure.</summary>
    public IReadOnlyList<string> Issuers => IsHashed ? _directory.IssuerDomainNames : _directory.CaaIdentities;

    private bool IsHashed => _directory is { AccountHashPrefix: not null, IssuerDomainNames.Count: > 0 };

    public static PersistScheme Of(DirectoryResource directory, AcmeClient client) => Of(directory, client.AccountUrl, client.Key.Thumbprint);

    internal static PersistScheme Of(DirectoryResource directory, string accountUrl, string thumbprint) => new(directory, accountUrl, thumbprint);

    /// <summary>What a record names as account.</summary>
    /// <param name="baseName">The name to prove; <c>*</c> for any.</param>
    /// <param name="said">What the challenge says (draft 01); <c>null</c> when it does not, or there is none.</param>
    public string AccountUri(string baseName, string? said) =>
        IsHashed ? $"{_directory.AccountHashPrefix}{HashName}/{ProofText.PersistentAccountHash(baseName, _thumbprint, _accountUrl)}" : said ?? _accountUrl;

    /// <summary>False for a challenge that names nobody, something that is no name, or, from draft 02 on, somebody else than the directory does.</summary>
    public bool Accepts(ChallengeResource challenge)
    {
        IReadOnlyList<string> issuers = challenge.IssuerDomainNames;
        return issuers.Count is > 0 and <= MostIssuers
            && issuers.All(IsName)
            && (!IsHashed
                || (_directory.IssuerDomainNames.All(i => issuers.Contains(i, StringComparer.Ordinal))
                    && (_directory.CaaIdentities.Count == 0 || issuers.All(i => _directory.CaaIdentities.Contains(i, StringComparer.OrdinalIgnoreCase)))));
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && text.Split('.').All(label => label.Length is > 0 and <= 63) && text.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '.');
}
