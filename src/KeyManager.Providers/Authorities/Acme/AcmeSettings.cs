using System;
using System.Collections.Generic;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>The settings of an account with an ACME server.</summary>
internal sealed class AcmeSettings(IReadOnlyDictionary<string, string> values)
{
    public const string DirectoryUrlName = "DirectoryUrl";
    public const string TrustedRootPathName = "TrustedRootPath";
    public const string ProxyName = "Proxy";
    public const string EabKeyIdName = "EabKeyId";
    public const string EabAlgorithmName = "EabAlgorithm";
    public const string AccountKeyName = "AccountKey";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new()
        {
            Name = DirectoryUrlName,
            Default = "",
            Description = "Address of the server's directory; needed with -Authority Acme, elsewhere it takes the place of the known one. Plain http only for this machine.",
            IsChangeable = false,
        },
        new() { Name = TrustedRootPathName, Default = "", Description = "File with the root certificates to trust for the connection, beside those of the machine." },
        new() { Name = ProxyName, Default = "", Description = "Address of the proxy to use, such as http://proxy.contoso.com:3128; empty takes the system's." },
        new()
        {
            Name = AccountSettings.Resolver,
            Default = "",
            Description = "DNS server to ask whether a published TXT record is there, address with optional port; empty asks the servers of the zone, None goes on without looking.",
        },
        new() { Name = EabKeyIdName, Default = "", Description = "Key id of the credentials that the authority gave for this account (external account binding).", IsChangeable = false },
        new()
        {
            Name = EabAlgorithmName,
            Default = "HS256",
            Description = "How the external account binding is authenticated.",
            Choices = ["HS256", "HS384", "HS512"],
            IsChangeable = false,
        },
        new()
        {
            Name = AccountKeyName,
            Default = "ES256",
            Description = "Kind of key that the account is made with, and gets when its key is changed: ECDSA P-256, P-384, P-521, RSA 2048, or Ed25519 where the server takes it.",
            Choices = ["ES256", "ES384", "ES512", "RS256", "EdDSA"],
        },
        .. AccountSettings.OfAll,
    ];

    public string? DirectoryUrl => Get(DirectoryUrlName);

    public string? TrustedRootPath => Get(TrustedRootPathName);

    public string? EabKeyId => Get(EabKeyIdName);

    public string EabAlgorithm => Get(EabAlgorithmName) ?? "HS256";

    public Uri? Proxy => ServiceAddress.ParseProxy(ProxyName, Get(ProxyName));

    public KeySpec AccountKey => Get(AccountKeyName) switch
    {
        "ES384" => KeySpec.Create(KeyAlgorithm.Ecdsa, 384),
        "ES512" => KeySpec.Create(KeyAlgorithm.Ecdsa, 521),
        "RS256" => KeySpec.Create(KeyAlgorithm.Rsa, 2048),
        "EdDSA" => KeySpec.Create(KeyAlgorithm.Ed25519),
        _ => KeySpec.Create(KeyAlgorithm.Ecdsa, 256),
    };

    public static AcmeSettings Of(AuthorityAccount account) => new(account.Settings);

    /// <summary>Reads the address of a directory.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: no https address, and not of this machine.</exception>
    public static Uri ParseDirectoryUrl(string text) =>
        ServiceAddress.TryParse(text, out Uri url)
            ? url
            : throw new InvalidRequestException(ErrorIds.InvalidSetting, $"'{text}' is not the address of an ACME directory.")
            {
                Target = text,
                Remedy = "Give the whole address with https, such as https://acme-v02.api.letsencrypt.org/directory. Plain http is for this machine only.",
            };

    /// <summary>Passes when everything that can be checked without the server is right.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    public void Check()
    {
        _ = Proxy;
        if (TrustedRootPath is string roots)
        {
            TrustedRoots.Read(roots).Dispose();
        }

        if (Get(AccountSettings.Resolver) is string resolver && !SolverContext.IsNoResolver(resolver))
        {
            _ = EndPointText.Parse(resolver, 53);
        }
    }

    private string? Get(string name) => values.TryGetValue(name, out string? value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
