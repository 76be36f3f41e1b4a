using System.Collections.Generic;
using System.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>Why a value is refused as a duplicate that is none: an alias and other records exclude each other at a name, and GoDaddy has one word for both.</summary>
internal static class Occupation
{
    /// <param name="context">The account.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="values">What was refused.</param>
    /// <param name="there">What is at their names.</param>
    /// <param name="refusal">GoDaddy's answer.</param>
    public static KeyManagerException Explain(DnsContext context, string zone, IReadOnlyList<RecordValue> values, IReadOnlyList<GoDaddyRecord> there, HttpAnswer refusal)
    {
        foreach (RecordValue value in values)
        {
            GoDaddyRecord? other = there.FirstOrDefault(record => (value with { Type = record.Type }).IsBeside(record) && (value.Type == RecordValue.Alias || record.Type == RecordValue.Alias));
            if (other is not null)
            {
                return ServiceErrors.NameOccupied(
                    context, value.FullName(zone), $"there is {(other.Type == RecordValue.Alias ? $"an alias to {other.Data}" : $"a {other.Type} record")}; GoDaddy says {GoDaddyErrors.Said(refusal)}");
            }
        }

        return GoDaddyErrors.Of(context, refusal, zone, $"write at {string.Join(", ", values.Select(v => v.FullName(zone)).Distinct())}");
    }
}
