using System;

namespace KeyManager.Providers.Networking;

/// <summary>Addresses as users give them, for services that get credentials.</summary>
internal static class ServiceAddress
{
    /// <summary>True for https, and for http on this machine only: credentials travel with each request.</summary>
    /// <param name="text">The address.</param>
    /// <param name="url">What it says.</param>
    public static bool TryParse(string text, out Uri url) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out url!) && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback));

    /// <summary>A proxy; <c>null</c> takes the system's.</summary>
    /// <param name="setting">The setting that it comes from.</param>
    /// <param name="text">What it holds.</param>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static Uri? ParseProxy(string setting, string? text) => text is null
        ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? proxy) && proxy.Scheme is "http" or "https"
            ? proxy
            : throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The setting {setting} is not the address of a proxy: '{text}'.") { Target = text, Remedy = "Write it as http://proxy.contoso.com:3128." };
}
