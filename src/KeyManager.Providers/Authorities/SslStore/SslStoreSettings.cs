using System;
using System.Collections.Generic;
using System.Globalization;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Providers.Authorities.SslStore.Protocol;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>The settings of an account with The SSL Store.</summary>
internal sealed class SslStoreSettings(IReadOnlyDictionary<string, string> values)
{
    public const string PartnerCodeName = "PartnerCode";
    public const string BaseUrlName = "BaseUrl";
    public const string TrustedRootPathName = "TrustedRootPath";
    public const string ProxyName = "Proxy";
    public const string CsrEncodingName = "CsrEncoding";
    public const string DnsRecordName = "DnsRecord";
    public const string EchoCheckName = "EchoCheck";
    public const string ImportPageSizeName = "ImportPageSize";

    public const string Live = "https://api.thesslstore.com/rest/";
    public const string Sandbox = "https://sandbox-wbapi.thesslstore.com/rest/";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = PartnerCodeName, Default = "", Description = "The partner code (Partner ID) that The SSL Store gave you.", IsChangeable = false },
        new()
        {
            Name = BaseUrlName,
            Default = "",
            Description = "Address of the API in the place of the known one, such as https://wbapi.thesslstore.com/rest/ or https://api.thesslstore.eu/rest/. Plain http only for this machine.",
        },
        new() { Name = TrustedRootPathName, Default = "", Description = "File with the root certificates to trust for the connection, beside those of the machine." },
        new() { Name = ProxyName, Default = "", Description = "Address of the proxy to use, such as http://proxy.contoso.com:3128; empty takes the system's." },
        new()
        {
            Name = AccountSettings.Resolver,
            Default = "",
            Description = "DNS server to ask whether a published record is there, address with optional port; empty asks the servers of the zone, None goes on without looking.",
        },
        new() { Name = AccountSettings.Organization, Default = "", Description = "Name of the stored organization that OV and EV orders use when they name none." },
        new() { Name = AccountSettings.AdminContact, Default = "", Description = "Name of the stored contact that orders use as administrator when they name none." },
        new() { Name = AccountSettings.TechnicalContact, Default = "", Description = "Name of the stored contact that orders use as technician when they name none; empty takes the administrator." },
        new()
        {
            Name = CsrEncodingName,
            Default = CsrEncoding.Auto,
            Description = "How certificate requests are sent. Auto tries the forms one after the other with a question that orders nothing.",
            Choices = [CsrEncoding.Auto, .. CsrEncoding.Tried],
        },
        new()
        {
            Name = DnsRecordName,
            Default = "Auto",
            Description = "Kind of DNS record that proves control. Auto takes CNAME where the value is a host name, TXT otherwise.",
            Choices = ["Auto", "Cname", "Txt"],
        },
        new()
        {
            Name = EchoCheckName,
            Default = "Warn",
            Description = "What to do when an answer gives back another token than its request had, so that it may belong to another one: Warn, or Fail.",
            Choices = ["Warn", "Fail"],
        },
        new() { Name = ImportPageSizeName, Default = "100", Description = "How many orders an import asks for at once, 10 to 1000.", Minimum = 10, Maximum = 1000 },
    ];

    public string PartnerCode => Get(PartnerCodeName) ?? "";

    public string? TrustedRootPath => Get(TrustedRootPathName);

    public string RequestEncoding => Get(CsrEncodingName) ?? CsrEncoding.Auto;

    public string DnsRecord => Get(DnsRecordName) ?? "Auto";

    public bool FailsOnOtherEcho => Get(EchoCheckName) == "Fail";

    public int ImportPageSize => int.Parse(Get(ImportPageSizeName) ?? "100", CultureInfo.InvariantCulture);

    public Uri? Proxy => ServiceAddress.ParseProxy(ProxyName, Get(ProxyName));

    public static SslStoreSettings Of(AuthorityAccount account) => new(account.Settings);

    /// <summary>Where the API is, with a slash at its end.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: no https address, and not of this machine.</exception>
    public Uri BaseUrl(AuthorityEnvironment environment)
    {
        if (Get(BaseUrlName) is not string own)
        {
            return new Uri(environment == AuthorityEnvironment.Staging ? Sandbox : Live);
        }

        return ServiceAddress.TryParse(own.TrimEnd('/') + "/", out Uri url)
            ? url
            : throw new InvalidRequestException(ErrorIds.InvalidSetting, $"'{own}' is not the address of an API.")
            {
                Target = own,
                Remedy = $"Give the whole address with https, such as {Live}. Plain http is for this machine only.",
            };
    }

    /// <summary>Passes when everything that can be checked without the API is right.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    public void Check(AuthorityEnvironment environment)
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

    private string? Get(string name) => values.TryGetValue(name, out string? value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
