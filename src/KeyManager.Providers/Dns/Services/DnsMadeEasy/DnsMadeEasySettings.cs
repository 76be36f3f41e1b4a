using System;
using System.Collections.Generic;
using System.Globalization;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.DnsMadeEasy;

/// <summary>The settings of an account with DNS Made Easy.</summary>
internal static class DnsMadeEasySettings
{
    public const string ApiKey = nameof(ApiKey);
    public const string SecretKey = nameof(SecretKey);
    public const string Environment = nameof(Environment);

    /// <summary>The values of <see cref="Environment"/>.</summary>
    public const string Production = "Production";
    public const string Sandbox = "Sandbox";

    private const int UsualTtl = 120;

    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = ApiKey, Default = "", IsSecret = true, Description = "API key, from Config > Account Information." },
        new() { Name = SecretKey, Default = "", IsSecret = true, Description = "Secret key that belongs to the API key." },
        new()
        {
            Name = Environment,
            Default = Production,
            Choices = [Production, Sandbox],
            Description = "Which of the two services: the sandbox has accounts, keys and zones of its own, and nobody's resolver asks it.",
        },
        new()
        {
            Name = DnsSettings.Ttl,
            Default = UsualTtl.ToString(CultureInfo.InvariantCulture),
            Minimum = 1,
            Maximum = 86400,
            Description = "Time to live of the records in seconds, from 1 to 86400.",
        },
        .. DnsSettings.OfHttp,
        .. DnsSettings.OfAll,
    ];

    /// <summary>Where the interface is.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static Uri Url(DnsContext context) =>
        HttpSettings.BaseUrl(context, IsSandbox(context) ? "https://api.sandbox.dnsmadeeasy.com/V2.0/" : "https://api.dnsmadeeasy.com/V2.0/");

    public static bool IsSandbox(DnsContext context) => string.Equals(context.Setting(Environment), Sandbox, StringComparison.OrdinalIgnoreCase);

    /// <summary>Time to live in seconds.</summary>
    public static int Ttl(DnsContext context) => context.Setting(DnsSettings.Ttl) is string ttl ? int.Parse(ttl, CultureInfo.InvariantCulture) : UsualTtl;
}
