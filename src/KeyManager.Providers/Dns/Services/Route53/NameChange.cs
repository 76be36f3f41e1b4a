using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using KeyManager.Dns;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>
/// What is to become of the values of one name and type. As long as nobody has looked what is there, it assumes the usual: nothing before values are added, nothing but them before they
/// are removed. Route 53 takes the changes only when that is so, and nothing is lost when it is not.
/// </summary>
internal sealed class NameChange
{
    private const int MostValues = 400;
    private const int MostSets = 100;
    private const int LongestValue = 4000;

    private readonly DnsContext _context;
    private readonly DnsRecordType _type;
    private readonly int _ttl;
    private readonly List<string> _added;
    private readonly List<string> _removed;
    private IReadOnlyList<RecordSet>? _atName;

    /// <param name="context">The account, for errors.</param>
    /// <param name="name">Lower case, no final dot.</param>
    /// <param name="type">Kind of record.</param>
    /// <param name="changes">The changes of this name and type, in order; the last one of a value counts.</param>
    /// <param name="ttl">Time to live in seconds of a new set.</param>
    public NameChange(DnsContext context, string name, DnsRecordType type, IEnumerable<RecordChange> changes, int ttl)
    {
        (_context, Name, _type, _ttl) = (context, name, type, ttl);
        List<RecordChange> last = [.. changes.GroupBy(c => c.Value, StringComparer.Ordinal).Select(g => g.Last())];
        _added = [.. last.Where(c => !c.IsRemoval).Select(c => c.Value)];
        _removed = [.. last.Where(c => c.IsRemoval).Select(c => c.Value)];
    }

    public string Name { get; }

    /// <summary>Whether somebody has looked what is at the name.</summary>
    public bool IsKnown => _atName is not null;

    private string TypeName => RecordSet.TypeName(_type);

    /// <summary>What is at the name now, of every type.</summary>
    public void Learn(IReadOnlyList<RecordSet> atName) => _atName = atName;

    /// <summary>The changes that lead there; none when it is so already. Made for being sent in one batch.</summary>
    /// <exception cref="ConflictException">KmDnsNameOccupied, KmDnsRecordSetFull.</exception>
    /// <exception cref="ChallengeException">KmDnsChangeRefused: a value is too long, or the name is routed.</exception>
    public IReadOnlyList<RecordSetChange> Plan()
    {
        string? tooLong = _added.Select(v => RecordValues.Encode(_type, v)).FirstOrDefault(v => v.Length > LongestValue);
        if (tooLong is not null)
        {
            throw ServiceErrors.Refused(_context, $"add a value at {Name}", $"it has {tooLong.Length} characters, and Route 53 takes {LongestValue}");
        }

        List<RecordSet> sets = _atName is null ? [.. Assumed()] : [.. _atName.Where(s => s.Type == TypeName)];
        List<(RecordSet Set, List<string> Kept)> rests = [.. sets.Select(s => (s, s.Values.Where(v => !_removed.Exists(r => RecordValues.Means(_type, v, r))).ToList()))];
        List<string> missing = [.. _added.Where(a => !rests.Exists(r => r.Kept.Exists(v => RecordValues.Means(_type, v, a))))];
        List<RecordSet> created = missing.Count == 0 ? [] : Add(rests, [.. missing.Select(v => RecordValues.Encode(_type, v))]);
        List<(RecordSet Set, List<string> Kept)> changed = [.. rests.Where(r => !Enumerable.SequenceEqual(r.Kept, r.Set.Values))];
        return
        [
            .. changed.Select(r => new RecordSetChange(true, r.Set)),
            .. changed.Where(r => r.Kept.Count > 0).Select(r => new RecordSetChange(false, r.Set.With(r.Kept))),
            .. created.Select(s => new RecordSetChange(false, s)),
        ];
    }

    private IEnumerable<RecordSet> Assumed() => _removed.Count == 0 ? [] : [RecordSet.Create(Name, _type, _ttl, _removed.Select(v => RecordValues.Encode(_type, v)))];

    // Puts the values into the set that is there, or answers the sets to create.
    private List<RecordSet> Add(List<(RecordSet Set, List<string> Kept)> rests, List<string> values)
    {
        List<(RecordSet Set, List<string> Kept)> staying = [.. rests.Where(r => r.Kept.Count > 0 || r.Set.IsAlias)];
        CheckAliases(staying);
        if (staying.Find(r => r.Set.IsAlias).Set is not null)
        {
            throw ServiceErrors.NameOccupied(_context, Name, "its TXT records are an alias of Route 53 to another record");
        }

        if (staying.Count == 0)
        {
            // A set that only held what is removed goes, and a new one comes in the same batch.
            return [RecordSet.Create(Name, _type, _ttl, Limited(values, MostValues))];
        }

        if (staying.Find(r => r.Set.SetIdentifier is null) is { Set: not null } simple)
        {
            simple.Kept.AddRange(values);
            Limited(simple.Kept, MostValues);
            return [];
        }

        if (!staying.TrueForAll(r => r.Set.IsMultiValue))
        {
            throw ServiceErrors.Refused(_context, $"add a value at {Name}", "its TXT records are routed by weight, latency, place or failover, so that no resolver would see all of them", "Remove the routed records, or prove the name at another place with an alias.");
        }

        Limited([.. staying.Select(r => r.Set.Type), .. values], MostSets);
        return [.. values.Select(v => RecordSet.Create(Name, _type, _ttl, [v], "keymanager-" + Hashes.ToHex(Hashes.Sha256(Encoding.UTF8.GetBytes(v))).Substring(0, 32)))];
    }

    private void CheckAliases(List<(RecordSet Set, List<string> Kept)> staying)
    {
        if (_atName?.FirstOrDefault(s => s.Type == "CNAME") is RecordSet alias && (_type == DnsRecordType.Txt || staying.Count > 0))
        {
            throw ServiceErrors.NameOccupied(_context, Name, $"an alias to {string.Join(", ", alias.Values.Select(RecordNames.Decode))} is there");
        }

        if (_type == DnsRecordType.CName && _atName?.FirstOrDefault(s => s.Type != "CNAME") is RecordSet other)
        {
            throw ServiceErrors.NameOccupied(_context, Name, $"{other.Type} records are there");
        }

        if (_type == DnsRecordType.CName && _added.Count > 1)
        {
            throw ServiceErrors.NameOccupied(_context, Name, "it cannot be an alias to several names");
        }
    }

    private List<string> Limited(List<string> values, int most) => values.Count <= most
        ? values
        : throw ServiceErrors.RecordSetFull(_context, Name, $"there would be {values.Count}, and Route 53 takes {most} at one name");
}
