using System;
using KeyManager.Dns;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services;

/// <summary>Reads how a service with an HTTP interface is reached.</summary>
internal static class HttpSettings
{
    /// <summary>The address of the interface, with a slash at its end: the usual one unless the account names another.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: no https address, and not of this machine.</exception>
    public static Uri BaseUrl(DnsContext context, string usual) => Url(DnsSettings.BaseUrl, context.Setting(DnsSettings.BaseUrl) ?? usual);

    /// <summary>An address that a setting names, with a slash at its end.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: no https address, and not of this machine.</exception>
    public static Uri Url(string setting, string text) =>
        ServiceAddress.TryParse(text.TrimEnd('/') + "/", out Uri url)
            ? url
            : throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The setting {setting} is not an address of https: '{text}'.")
            {
                Target = text,
                Remedy = "Write it with https:// in front. Plain http is for this machine only, since the credentials travel with each request.",
            };

    /// <summary>The proxy; <c>null</c> takes the system's.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static Uri? Proxy(DnsContext context) => ServiceAddress.ParseProxy(DnsSettings.Proxy, context.Setting(DnsSettings.Proxy));

    /// <summary>Passes when everything that can be checked without the service is right.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    public static void Check(DnsContext context)
    {
        _ = BaseUrl(context, "https://localhost/");
        _ = Proxy(context);
        if (context.Setting(DnsSettings.TrustedRootPath) is string roots)
        {
            TrustedRoots.Read(roots).Dispose();
        }
    }
}
