using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.Acme.Protocol;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>An ACME authority as data: where it is and what it can do.</summary>
internal sealed record AcmePreset
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>Address of the directory; <c>null</c> when an account has to name it.</summary>
    public string? Production { get; init; }

    /// <summary>Address of the directory for trying out; <c>null</c> where there is none.</summary>
    public string? Staging { get; init; }

    public bool NeedsExternalAccount { get; init; }

    /// <summary>Where the authority gives the credentials of an account for a mail address; <c>null</c> where one has to sign up.</summary>
    public string? ExternalAccountByMail { get; init; }

    public bool HasWildcards { get; init; } = true;

    public bool HasAddresses { get; init; }

    public bool HasRenewalInfo { get; init; }

    /// <summary>Whether an order may say how long its certificate is to live; <c>null</c> where that is not known, and the server is left to say.</summary>
    public bool? TakesValidity { get; init; }

    /// <summary>The kinds of key that it certifies, as <see cref="KeySpec"/> writes them; empty where that is not known, and the server is left to say.</summary>
    public IReadOnlyList<string> KeyTypes { get; init; } = [];

    public bool ChargesMoney { get; init; }

    public int? MaxNames { get; init; }

    public int? MaxValidityDays { get; init; }

    public IReadOnlyList<string> CaaIdentities { get; init; } = [];

    public DateTimeOffset? RetiredSince { get; init; }

    /// <summary>What messages call it: a server that only its address tells from others is called by its host.</summary>
    public string TitleOf(AcmeSettings settings) => Production is null && Uri.TryCreate(settings.DirectoryUrl, UriKind.Absolute, out Uri? url) ? url.Host : Title;

    /// <summary>Whether it issues no more; a server of that kind which an account names itself may.</summary>
    public bool IsRetired(AcmeSettings settings) => RetiredSince is not null && settings.DirectoryUrl is null;

    /// <exception cref="InvalidRequestException">KmAuthorityRetired.</exception>
    public void RefuseRetired(AcmeSettings settings)
    {
        if (IsRetired(settings))
        {
            throw new InvalidRequestException(ErrorIds.AuthorityRetired, FormattableString.Invariant($"{Title} has issued no certificates since {RetiredSince:yyyy-MM-dd}."))
            {
                Target = Name,
                Remedy = "Use another authority, for example -Authority LetsEncrypt, or Actalis in Europe; Get-KmAuthority lists them. A server of your own that works like it: -DirectoryUrl.",
            };
        }
    }

    /// <summary>What a server says of itself.</summary>
    public static AuthorityDescription Describe(DirectoryResource directory)
    {
        AcmePreset? known = AcmePresets.All.FirstOrDefault(p => p.Production == directory.Url.AbsoluteUri || p.Staging == directory.Url.AbsoluteUri);
        AcmePreset seen = (known ?? new AcmePreset { Name = "Acme", Title = directory.Website ?? directory.Url.Host, HasAddresses = true }) with
        {
            NeedsExternalAccount = directory.ExternalAccountRequired,
            HasRenewalInfo = directory.RenewalInfo is not null,
            CaaIdentities = directory.CaaIdentities,
        };
        return seen.Describe() with
        {
            Addresses = new Dictionary<AuthorityEnvironment, string>
            {
                [known?.Staging == directory.Url.AbsoluteUri ? AuthorityEnvironment.Staging : AuthorityEnvironment.Production] = directory.Url.AbsoluteUri,
            },
            Profiles = directory.Profiles,
            TermsOfService = directory.TermsOfService,
        };
    }

    public AuthorityDescription Describe()
    {
        List<string> abilities = ["AccountKey", "Revoke", "Cancel"];
        if (HasWildcards)
        {
            abilities.Add("Wildcard");
        }

        if (HasAddresses)
        {
            abilities.Add("IpAddress");
        }

        if (HasRenewalInfo)
        {
            abilities.Add("RenewalInfo");
        }

        if (TakesValidity == true)
        {
            abilities.Add("Validity");
        }

        Dictionary<AuthorityEnvironment, string> addresses = [];
        if (Production is not null)
        {
            addresses[AuthorityEnvironment.Production] = Production;
        }

        if (Staging is not null)
        {
            addresses[AuthorityEnvironment.Staging] = Staging;
        }

        return new AuthorityDescription
        {
            Name = Name,
            Title = Title,
            Kind = "Acme",
            Abilities = abilities,
            ChallengeTypes = [ChallengeType.Http01, ChallengeType.Dns01, ChallengeType.TlsAlpn01, ChallengeType.DnsAccount01, ChallengeType.DnsPersist01],
            Settings = AcmeSettings.All,
            ChargesMoney = ChargesMoney,
            KeyTypes = KeyTypes,
            Addresses = addresses,
            NeedsExternalAccount = NeedsExternalAccount,
            CaaIdentities = CaaIdentities,
            MaxNames = MaxNames,
            MaxValidityDays = MaxValidityDays,
            RetiredSince = RetiredSince,
        };
    }
}
