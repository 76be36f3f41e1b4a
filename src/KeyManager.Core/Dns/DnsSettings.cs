using System.Collections.Generic;

namespace KeyManager.Dns;

/// <summary>Settings that DNS accounts share, whatever the service.</summary>
public static class DnsSettings
{
    public const string BaseUrl = nameof(BaseUrl);
    public const string Proxy = nameof(Proxy);
    public const string TrustedRootPath = nameof(TrustedRootPath);
    public const string Ttl = nameof(Ttl);
    public const string Resolver = nameof(Resolver);
    public const string AlsoVisibleAt = nameof(AlsoVisibleAt);
    public const string PropagationMinimum = nameof(PropagationMinimum);
    public const string PropagationMaximum = nameof(PropagationMaximum);
    public const string FollowAlias = nameof(FollowAlias);

    /// <summary>The values of <see cref="FollowAlias"/>.</summary>
    public const string Always = "Always";
    public const string Never = "Never";
    public const string Auto = "Auto";

    /// <summary>How the waiting and the delegation of one's own records are done: read by operations, for every service.</summary>
    public static IReadOnlyList<SettingDescription> OfAll { get; } =
    [
        new()
        {
            Name = Resolver,
            Default = "",
            Description = "DNS server to ask whether a record is there, address with optional port; empty asks every server of the zone, None goes on without looking.",
        },
        new() { Name = AlsoVisibleAt, Default = "", Description = "DNS servers, with commas between them, that have to see the record too once the servers of the zone have it." },
        new() { Name = PropagationMinimum, Default = "0", Minimum = 0, Maximum = 3600, Description = "Seconds to wait in any case after a record was written." },
        new() { Name = PropagationMaximum, Default = "", Minimum = 1, Maximum = 86400, Description = "Seconds to wait at most until every server has the record; empty takes -Timeout, or what is usual for the service where that is longer." },
        new()
        {
            Name = FollowAlias,
            Default = Auto,
            Choices = [Auto, Always, Never],
            Description = "Whether a CNAME at the record's name is followed: Auto follows it when one of the DNS accounts holds where it leads, Always fails when none does, Never writes at the name itself.",
        },
        AccountSettings.CredentialTerm,
    ];

    /// <summary>How a service with an HTTP interface is reached.</summary>
    public static IReadOnlyList<SettingDescription> OfHttp { get; } =
    [
        new() { Name = BaseUrl, Default = "", Description = "Address of the interface, where it is not the usual one. Plain http only for this machine." },
        new() { Name = Proxy, Default = "", Description = "Address of the proxy to use, such as http://proxy.contoso.com:3128; empty takes the system's." },
        new() { Name = TrustedRootPath, Default = "", Description = "File with the root certificates to trust for the connection, beside those of the machine." },
    ];
}
