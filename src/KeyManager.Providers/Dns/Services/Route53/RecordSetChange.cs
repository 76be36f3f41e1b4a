using System.Linq;
using System.Xml.Linq;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>One change of a batch: a set that is deleted exactly as it is, or a set that is created where there is none.</summary>
internal sealed record RecordSetChange(bool IsDeletion, RecordSet Set)
{
    /// <summary>Records that it counts as.</summary>
    public int Records { get; } = Set.Values.Count;

    /// <summary>Characters of its values.</summary>
    public int Characters { get; } = Set.Values.Sum(v => v.Length);

    public XElement ToXml() => new(RecordSet.Namespace + "Change", new XElement(RecordSet.Namespace + "Action", IsDeletion ? "DELETE" : "CREATE"), Set.ToXml());
}
