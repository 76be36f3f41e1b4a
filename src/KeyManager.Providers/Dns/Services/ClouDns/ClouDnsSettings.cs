using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.ClouDns;

/// <summary>The settings of an account with ClouDNS.</summary>
internal static class ClouDnsSettings
{
    public const string AuthId = nameof(AuthId);
    public const string SubAuthId = nameof(SubAuthId);
    public const string SubAuthUser = nameof(SubAuthUser);
    public const string AuthPassword = nameof(AuthPassword);

    private static readonly int[] Ttls = [60, 300, 900, 1800, 3600, 21600, 43200, 86400, 172800, 259200, 604800, 1209600, 2592000];

    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = AuthId, Default = "", Description = "Id of an API user, a number: it reaches every zone." },
        new() { Name = SubAuthId, Default = "", Description = "Id of an API sub user, a number: it reaches the zones that are delegated to it." },
        new() { Name = SubAuthUser, Default = "", Description = "Name of an API sub user, in the place of its id." },
        new() { Name = AuthPassword, Default = "", IsSecret = true, Description = "Password of the API user or sub user; not the one of the control panel." },
        new()
        {
            Name = DnsSettings.Ttl,
            Default = Ttls[0].ToString(CultureInfo.InvariantCulture),
            Choices = [.. Ttls.Select(t => t.ToString(CultureInfo.InvariantCulture))],
            Description = "Time to live of the records in seconds; the service has these values only.",
        },
        .. DnsSettings.OfHttp,
        .. DnsSettings.OfAll,
    ];

    /// <summary>Time to live as it is sent.</summary>
    public static string Ttl(DnsContext context) => context.Setting(DnsSettings.Ttl) ?? Ttls[0].ToString(CultureInfo.InvariantCulture);

    /// <summary>Who signs in: the parameter of the service, and its value.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: an id that is no number.</exception>
    public static (string Parameter, string Value) User(DnsContext context) =>
        Number(context, AuthId) is string id ? ("auth-id", id)
        : Number(context, SubAuthId) is string sub ? ("sub-auth-id", sub)
        : ("sub-auth-user", context.Setting(SubAuthUser)
            ?? throw PastedKey.Wrong(AuthId, "is missing", $"Give the account a user: Set-KmDnsAccount -{AuthId}, -{SubAuthId} or -{SubAuthUser}."));

    /// <summary>The password.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static string Password(DnsContext context) => context.GetSecretText(AuthPassword) is { Length: > 0 } password
        ? password
        : throw PastedKey.Wrong(AuthPassword, "is missing", $"Give the account the password of the API user: Set-KmDnsAccount -{AuthPassword}.");

    private static string? Number(DnsContext context, string setting) => context.Setting(setting) is not string text ? null
        : text.All(c => c is >= '0' and <= '9') ? text
        : throw PastedKey.Wrong(
            setting, $"cannot be '{text}'", $"It is the number beside the user on the page API & Resellers of the control panel; the name of a sub user goes into -{SubAuthUser}.");
}
