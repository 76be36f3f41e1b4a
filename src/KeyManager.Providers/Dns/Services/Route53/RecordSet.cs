using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>A resource record set: all values of a name and type, or with a SetIdentifier some of them. It keeps everything it was read with, since it can only be deleted by that.</summary>
internal sealed class RecordSet
{
    /// <summary>The namespace of Route 53's documents.</summary>
    public static readonly XNamespace Namespace = "https://route53.amazonaws.com/doc/2013-04-01/";

    private readonly XElement _element;

    private RecordSet(XElement element) => _element = element;

    /// <summary>Its name as Route 53 writes it.</summary>
    public string WrittenName => _element.NeedText("Name");

    /// <summary>Its name in lower case without a final dot.</summary>
    public string Name => RecordNames.Decode(WrittenName);

    public string Type => _element.NeedText("Type");

    /// <summary>Tells sets of one name and type apart; <c>null</c> for the only one.</summary>
    public string? SetIdentifier => _element.Text("SetIdentifier");

    /// <summary>Whether all sets of its name and type are answered together.</summary>
    public bool IsMultiValue => _element.IsTrue("MultiValueAnswer");

    /// <summary>Whether its values are those of another record.</summary>
    public bool IsAlias => _element.Child("AliasTarget") is not null;

    /// <summary>Its values as Route 53 writes them.</summary>
    public IReadOnlyList<string> Values => [.. (_element.Child("ResourceRecords")?.Elements() ?? []).Select(r => r.NeedText("Value"))];

    /// <summary>Reads one out of an answer.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static RecordSet Read(XElement element)
    {
        RecordSet set = new(Copy(element));
        _ = (set.Name, set.Type, set.Values);
        return set;
    }

    /// <summary>A new one.</summary>
    /// <param name="name">Lower case, no final dot.</param>
    /// <param name="type">Kind of record.</param>
    /// <param name="ttl">Time to live in seconds.</param>
    /// <param name="values">Its values as Route 53 writes them.</param>
    /// <param name="identifier">What makes it one of several that are answered together; <c>null</c> for the only one.</param>
    public static RecordSet Create(string name, DnsRecordType type, int ttl, IEnumerable<string> values, string? identifier = null) => new(new XElement(
        Namespace + "ResourceRecordSet",
        new XElement(Namespace + "Name", name + "."),
        new XElement(Namespace + "Type", TypeName(type)),
        identifier is null ? null : new XElement(Namespace + "SetIdentifier", identifier),
        identifier is null ? null : new XElement(Namespace + "MultiValueAnswer", "true"),
        new XElement(Namespace + "TTL", ttl.ToString(CultureInfo.InvariantCulture)),
        Records(values)));

    public static string TypeName(DnsRecordType type) => type == DnsRecordType.CName ? "CNAME" : "TXT";

    /// <summary>The same with other values; everything else stays.</summary>
    public RecordSet With(IEnumerable<string> values)
    {
        XElement element = new(_element);
        element.Need("ResourceRecords").ReplaceWith(Records(values));
        return new RecordSet(element);
    }

    /// <summary>The element for a request.</summary>
    public XElement ToXml() => new(_element);

    private static XElement Records(IEnumerable<string> values) =>
        new(Namespace + "ResourceRecords", values.Select(v => new XElement(Namespace + "ResourceRecord", new XElement(Namespace + "Value", v))));

    private static XElement Copy(XElement element) => new(Namespace + element.Name.LocalName, element.HasElements ? element.Elements().Select(Copy) : element.Value);
}
