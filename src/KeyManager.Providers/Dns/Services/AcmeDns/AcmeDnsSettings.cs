using System.Collections.Generic;
using System.Linq;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.AcmeDns;

/// <summary>What an account of acme-dns is given: one registration, as /register answers it.</summary>
internal static class AcmeDnsSettings
{
    public const string Username = nameof(Username);
    public const string Password = nameof(Password);
    public const string Subdomain = nameof(Subdomain);
    public const string FullDomain = nameof(FullDomain);
    public const string AllowFrom = nameof(AllowFrom);

    /// <summary>What a registration consists of.</summary>
    public static IReadOnlyList<string> Registration { get; } = [Username, Password, Subdomain, FullDomain];

    public static IReadOnlyList<SettingDescription> All { get; } =
    [
        new() { Name = Username, Default = "", Description = "The registration's username. With none of username, password, subdomain and full domain a new registration is made." },
        new() { Name = Password, Default = "", IsSecret = true, Description = "The registration's password." },
        new() { Name = Subdomain, Default = "", Description = "The registration's subdomain, the first label of its full domain." },
        new() { Name = FullDomain, Default = "", Description = "The registration's full domain, to which the CNAME at _acme-challenge leads." },
        new()
        {
            Name = AllowFrom,
            Default = "",
            IsChangeable = false,
            Description = "Networks, such as 192.0.2.0/24, with commas between them, from which the server takes changes of a registration that is made here; empty for any.",
        },
        .. DnsSettings.OfHttp,
        .. DnsSettings.OfAll,
    ];

    /// <summary>The networks of <see cref="AllowFrom"/>.</summary>
    public static IReadOnlyList<string> Networks(DnsContext context) =>
        [.. (context.Setting(AllowFrom) ?? "").Split(',').Select(network => network.Trim()).Where(network => network.Length > 0)];
}
