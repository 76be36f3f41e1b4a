using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace KeyManager.Tests.Dns.Services;

/// <summary>A record set of the fake Route 53: name in lower case without a final dot, values as they are written. A time to live of -1 makes it an alias.</summary>
internal sealed record FakeRecordSet(string Name, string Type, string? Identifier, bool IsMultiValue, string? Weight, int Ttl, IReadOnlyList<string> Values)
{
    public (string, string, string?) Key => (Name, Type, Identifier);

    /// <summary>Whether a request names exactly this set; the order of values does not matter.</summary>
    public bool Matches(FakeRecordSet other) =>
        Key == other.Key && IsMultiValue == other.IsMultiValue && Weight == other.Weight && Ttl == other.Ttl
        && Enumerable.SequenceEqual(Values.OrderBy(v => v, StringComparer.Ordinal), other.Values.OrderBy(v => v, StringComparer.Ordinal));

    public XElement ToXml(XNamespace ns, string writtenName) => new(
        ns + "ResourceRecordSet",
        new XElement(ns + "Name", writtenName),
        new XElement(ns + "Type", Type),
        Identifier is null ? null : new XElement(ns + "SetIdentifier", Identifier),
        Weight is null ? null : new XElement(ns + "Weight", Weight),
        IsMultiValue ? new XElement(ns + "MultiValueAnswer", "true") : null,
        Ttl < 0 ? null : new XElement(ns + "TTL", Ttl),
        Ttl < 0 ? null : new XElement(ns + "ResourceRecords", Values.Select(v => new XElement(ns + "ResourceRecord", new XElement(ns + "Value", v)))),
        Ttl >= 0 ? null : new XElement(
            ns + "AliasTarget", new XElement(ns + "HostedZoneId", "Z0"), new XElement(ns + "DNSName", "elsewhere.test."), new XElement(ns + "EvaluateTargetHealth", "false")));
}
