using System;
using System.Linq;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>The resource id of a public zone. Azure compares all of it without letter case, and writes it in several ways.</summary>
/// <param name="Subscription">Id of the subscription.</param>
/// <param name="ResourceGroup">Name of the resource group.</param>
/// <param name="Name">Name of the zone in lower case, without a final dot.</param>
internal sealed record AzureZoneId(string Subscription, string ResourceGroup, string Name)
{
    private const string Provider = "Microsoft.Network";
    private const string Type = "dnsZones";

    /// <summary>Reads what somebody pasted: quotes around it and escaped slashes are put up with.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: something else, or a private zone.</exception>
    public static AzureZoneId Parse(string text) => TryParse(text, out bool isPrivate) ?? throw new InvalidRequestException(
        ErrorIds.InvalidSetting,
        isPrivate ? $"The setting {AzureSettings.ZoneId} names a private zone: '{text}'." : $"The setting {AzureSettings.ZoneId} is not the resource id of a DNS zone: '{text}'.")
    {
        Target = text,
        Remedy = isPrivate
            ? "Nobody outside the virtual network sees a private zone, so no public authority does. Name the public zone."
            : "Copy it from the zone's page in the portal, Properties: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Network/dnsZones/<zone>.",
    };

    /// <summary>Reads an id; <c>null</c> when it is not one of a public zone.</summary>
    public static AzureZoneId? TryParse(string text, out bool isPrivate)
    {
        string plain = text.Trim().Trim('"', '\'').Replace("\\/", "/").Replace("%2F", "/").Replace("%2f", "/").Trim('/');
        string[] parts = plain.Split('/');
        isPrivate = parts.Length == 8 && Is(parts[6], "privateDnsZones");
        return parts.Length == 8 && parts.All(p => p.Length > 0) && Is(parts[0], "subscriptions") && Is(parts[2], "resourceGroups") && Is(parts[4], "providers")
            && Is(parts[5], Provider) && Is(parts[6], Type)
                ? new AzureZoneId(parts[1], parts[3], ZoneMatch.Canonical(parts[7]))
                : null;
    }

    /// <summary>Where a record set of the zone is, below the address of the management.</summary>
    /// <param name="type">TXT or CNAME.</param>
    /// <param name="name">Its full name, in the zone.</param>
    public string PathOf(string type, string name)
    {
        // The relative name goes as it is: @ and * are letters like others there.
        string relative = ZoneMatch.Relative(name, Name);
        return $"{ToPath()}/{type}/{(relative.Length == 0 ? "@" : relative)}?api-version={AzureClient.DnsVersion}";
    }

    public override string ToString() => $"/subscriptions/{Subscription}/resourceGroups/{ResourceGroup}/providers/{Provider}/{Type}/{Name}";

    private string ToPath() => $"subscriptions/{Uri.EscapeDataString(Subscription)}/resourceGroups/{Uri.EscapeDataString(ResourceGroup)}/providers/{Provider}/{Type}/{Name}";

    private static bool Is(string part, string word) => string.Equals(part, word, StringComparison.OrdinalIgnoreCase);
}
