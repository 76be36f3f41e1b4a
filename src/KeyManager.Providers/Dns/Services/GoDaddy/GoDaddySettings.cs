using System.Collections.Generic;
using System.Globalization;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>What an account of GoDaddy is given.</summary>
internal static class GoDaddySettings
{
    public const string Key = nameof(Key);
    public const string Secret = nameof(Secret);
    public const string ApiToken = nameof(ApiToken);
    public const string Environment = nameof(Environment);
    public const string ShopperId = nameof(ShopperId);
    public const string CustomerId = nameof(CustomerId);

    /// <summary>The values of <see cref="Environment"/>.</summary>
    public const string Production = "Production";
    public const string Ote = "Ote";

    private const int LeastTtl = 600;

    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = Key, Default = "", Description = "The key of a pair of key and secret, from developer.godaddy.com, API keys, environment Production." },
        new() { Name = Secret, Default = "", IsSecret = true, Description = "The secret of the pair. GoDaddy shows it once." },
        new() { Name = ApiToken, Default = "", IsSecret = true, Description = "Personal access token with the scopes domains.domain:read and domains.dns:update, in place of a pair." },
        new() { Name = Environment, Default = Production, Choices = [Production, Ote], Description = "GoDaddy's system: Production, or Ote for tests, whose zones no name server serves." },
        new() { Name = ShopperId, Default = "", Description = "Number of the customer for whom a reseller works, where the domain is not the reseller's own." },
        new() { Name = CustomerId, Default = "", Description = "Customer id of a corporate account (Brandsight); only with key and secret." },
        new() { Name = DnsSettings.Ttl, Default = "600", Minimum = LeastTtl, Maximum = 86400, Description = "Seconds for which resolvers may keep a record that is written, 600 to 86400." },
        .. DnsSettings.OfHttp,
        .. DnsSettings.OfAll,
    ];

    /// <summary>Whether it has a personal access token, and not a pair of key and secret.</summary>
    public static bool HasToken(DnsContext context) => context.Has(ApiToken);

    /// <summary>GoDaddy's system.</summary>
    public static string SystemOf(DnsContext context) => context.Setting(Environment) ?? Production;

    public static int Ttl(DnsContext context) =>
        int.TryParse(context.Setting(DnsSettings.Ttl), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds : LeastTtl;
}
