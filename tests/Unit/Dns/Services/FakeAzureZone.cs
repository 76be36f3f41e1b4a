using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Tests.Dns.Services;

/// <summary>A zone at <see cref="FakeAzure"/>.</summary>
internal sealed record FakeAzureZone(string Name, string Subscription, string Group, string? Kind, string NameServer)
{
    /// <summary>As Azure writes it: the group in capitals, the type in lower case.</summary>
    public string Id => $"/subscriptions/{Subscription}/resourceGroups/{Group.ToUpperInvariant()}/providers/Microsoft.Network/dnszones/{Name}";

    public Dictionary<string, object?> ToJson()
    {
        Dictionary<string, object?> properties = new() { ["numberOfRecordSets"] = 2L, ["maxNumberOfRecordSets"] = 10000L, ["maxNumberOfRecordsPerRecordSet"] = null, ["nameServers"] = new List<string> { NameServer } };
        if (Kind is not null)
        {
            properties["zoneType"] = Kind;
        }

        return new Dictionary<string, object?>
        {
            ["id"] = Id,
            ["name"] = Name,
            ["type"] = "Microsoft.Network/dnszones",
            ["location"] = "global",
            ["etag"] = "00000002-0000-0000-1111-222222222222",
            ["tags"] = new Dictionary<string, object?>(),
            ["properties"] = properties,
        };
    }
}
