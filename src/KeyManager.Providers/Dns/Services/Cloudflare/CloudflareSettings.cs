using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Cloudflare;

/// <summary>The settings of an account with Cloudflare.</summary>
internal static class CloudflareSettings
{
    public const string ApiToken = nameof(ApiToken);
    public const string ZoneToken = nameof(ZoneToken);
    public const string DnsToken = nameof(DnsToken);
    public const string Email = nameof(Email);
    public const string GlobalApiKey = nameof(GlobalApiKey);
    public const string AccountId = nameof(AccountId);
    public const string ZoneId = nameof(ZoneId);
    public const string ZoneName = nameof(ZoneName);

    /// <summary>The TTL that Cloudflare chooses itself: five minutes.</summary>
    private const int AutomaticTtl = 1;

    private const int UsualTtl = 120;

    /// <summary>The shortest that anybody may choose, with an Enterprise plan.</summary>
    private const int ShortestTtl = 30;

    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = ApiToken, Default = "", IsSecret = true, Description = "API token, of a user or of an account, with Zone:Read and DNS:Edit." },
        new() { Name = ZoneToken, Default = "", IsSecret = true, Description = "API token with Zone:Read, where finding zones and changing records have tokens of their own." },
        new() { Name = DnsToken, Default = "", IsSecret = true, Description = "API token with DNS:Edit, beside a ZoneToken." },
        new() { Name = Email, Default = "", Description = "E-mail address of the user whose Global API Key is given." },
        new() { Name = GlobalApiKey, Default = "", IsSecret = true, Description = "The user's Global API Key, which may do everything the user may; a token is better." },
        new() { Name = AccountId, Default = "", Description = "Id of the Cloudflare account, 32 hexadecimal digits, where a zone is in several accounts." },
        new() { Name = ZoneId, Default = "", Description = "Id of the only zone to use, 32 hexadecimal digits; no other is looked for." },
        new() { Name = ZoneName, Default = "", Description = "Name of the zone with that ZoneId, for a token without Zone:Read." },
        new()
        {
            Name = DnsSettings.Ttl,
            Default = UsualTtl.ToString(CultureInfo.InvariantCulture),
            Minimum = AutomaticTtl,
            Maximum = 86400,
            Description = "Time to live of the records: seconds from 60 to 86400, from 30 with an Enterprise plan, or 1 for what Cloudflare takes by itself.",
        },
        .. DnsSettings.OfHttp,
        .. DnsSettings.OfAll,
    ];

    /// <summary>The account whose zones count; <c>null</c> for all that the credentials reach.</summary>
    public static string? Account(DnsContext context) => Id(context, AccountId);

    /// <summary>The only zone to use; <c>null</c> when zones are looked for.</summary>
    public static string? Zone(DnsContext context) => Id(context, ZoneId);

    /// <summary>What that zone is called, in lower case and as A-labels; <c>null</c> when Cloudflare is asked.</summary>
    public static string? NameOfZone(DnsContext context) =>
        context.Setting(ZoneName) is not string name ? null : DomainName.TryParse(name.TrimEnd('.'), out DomainName parsed) ? parsed.Ascii : ZoneMatch.Canonical(name);

    /// <summary>Time to live in seconds; 1 for Cloudflare's own choice.</summary>
    public static int Ttl(DnsContext context) => context.Setting(DnsSettings.Ttl) is string ttl ? int.Parse(ttl, CultureInfo.InvariantCulture) : UsualTtl;

    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static void Check(DnsContext context)
    {
        if (Ttl(context) is > AutomaticTtl and < ShortestTtl)
        {
            throw Wrong(DnsSettings.Ttl, context.Setting(DnsSettings.Ttl)!, "Cloudflare takes 60 to 86400 seconds, 30 with an Enterprise plan, or 1 for its own choice.");
        }

        _ = Account(context);
        if (Zone(context) is null && NameOfZone(context) is string name)
        {
            throw Wrong(ZoneName, name, $"Give {ZoneId} too, or leave it out: it only says what that zone is called.");
        }
    }

    /// <summary>Whether it has the form of an id. A wrong one in an address would ask for something else.</summary>
    public static bool IsId(string id) => id.Length == 32 && id.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    private static string? Id(DnsContext context, string setting) =>
        context.Setting(setting)?.ToLowerInvariant() is not string id
            ? null
            : IsId(id) ? id : throw Wrong(setting, id, "It is 32 hexadecimal digits; the overview of the zone in Cloudflare's dashboard shows it.");

    private static InvalidRequestException Wrong(string setting, string value, string remedy) =>
        new(ErrorIds.InvalidSetting, $"The setting {setting} cannot be '{value}'.") { Target = setting, Remedy = remedy };
}
