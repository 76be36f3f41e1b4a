using System;
using System.Collections.Generic;
using KeyManager.Challenges;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Authorities;

/// <summary>How an account reaches a service with an interface over HTTPS: the settings that all such accounts have.</summary>
/// <param name="values">The settings of the account.</param>
/// <param name="addresses">Where the service is, by environment.</param>
internal abstract class ConnectionSettings(IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<AuthorityEnvironment, string> addresses)
{
    public const string BaseUrlName = "BaseUrl";
    public const string TrustedRootPathName = "TrustedRootPath";
    public const string ProxyName = "Proxy";

    public string? TrustedRootPath => Get(TrustedRootPathName);

    public Uri? Proxy => ServiceAddress.ParseProxy(ProxyName, Get(ProxyName));

    /// <summary>Where the interface is, with a slash at its end.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: no https address, and not of this machine.</exception>
    public Uri BaseUrl(AuthorityEnvironment environment)
    {
        if (Get(BaseUrlName) is not string own)
        {
            return new Uri(Address(environment));
        }

        return ServiceAddress.TryParse(own.TrimEnd('/') + "/", out Uri url)
            ? url
            : throw new InvalidRequestException(ErrorIds.InvalidSetting, $"'{own}' is not the address of an API.")
            {
                Target = own,
                Remedy = $"Give the whole address with https, such as {addresses[AuthorityEnvironment.Production]}. Plain http is for this machine only.",
            };
    }

    /// <summary>Passes when everything that can be checked without the service is right.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    public virtual void Check(AuthorityEnvironment environment)
    {
        _ = BaseUrl(environment);
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

    /// <summary>The known address.</summary>
    protected virtual string Address(AuthorityEnvironment environment) => addresses[environment];

    /// <summary>The setting; <c>null</c> when it is blank.</summary>
    protected string? Get(string name) => values.TryGetValue(name, out string? value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    /// <summary>The settings that make up the way to the service.</summary>
    /// <param name="example">Another address of it, for people.</param>
    protected static IReadOnlyList<SettingDescription> Describe(string example) =>
    [
        new() { Name = BaseUrlName, Default = "", Description = $"Address of the API in the place of the known one, such as {example}. Plain http only for this machine." },
        new() { Name = TrustedRootPathName, Default = "", Description = "File with the root certificates to trust for the connection, beside those of the machine." },
        new() { Name = ProxyName, Default = "", Description = "Address of the proxy to use, such as http://proxy.contoso.com:3128; empty takes the system's." },
        new()
        {
            Name = AccountSettings.Resolver,
            Default = "",
            Description = "DNS server to ask whether a published record is there, address with optional port; empty asks the servers of the zone, None goes on without looking.",
        },
        .. AccountSettings.OfAll,
    ];
}
