using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Dns;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>All records of one name and type, as Azure keeps them. What is not ours (other records in their order and shape, lifetime, metadata) is written as it was read.</summary>
internal sealed class RecordSet
{
    private const int MostTexts = 400;

    private readonly JToken _ttl;
    private readonly JToken? _metadata;
    private readonly JArray _texts;
    private readonly string? _alias;
    private readonly bool _isAlias;

    private RecordSet(string etag, JToken ttl, JToken? metadata, JArray texts, string? alias, bool isAlias)
    {
        ETag = etag;
        _ttl = ttl;
        _metadata = metadata;
        _texts = texts;
        _alias = alias;
        _isAlias = isAlias;
    }

    /// <summary>Names the state that was read; empty for a new set.</summary>
    public string ETag { get; }

    /// <summary>True when no record is left.</summary>
    public bool IsEmpty => _texts.Count == 0 && _alias is null;

    /// <summary>One that is not there yet.</summary>
    /// <param name="ttl">Seconds.</param>
    public static RecordSet New(int ttl) => new("", ttl, null, [], null, isAlias: false);

    /// <summary>Reads an answer. Names of members are compared without letter case, since not all versions of the interface write them alike.</summary>
    /// <param name="answer">The set.</param>
    /// <param name="header">The ETag of the header, for when the set has none.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static RecordSet Read(JToken answer, string? header)
    {
        JObject properties = Member((JObject)answer, "properties") as JObject ?? throw new FormatException("A record set has no properties.");
        string etag = ((string?)Member((JObject)answer, "etag") ?? header ?? throw new FormatException("A record set has no ETag.")).Trim('"');
        JArray texts = Member(properties, "TXTRecords") as JArray ?? [];
        _ = texts.Select(Strings).ToList(); // refuses others here, where it is an answer that cannot be read
        string? alias = (Member(properties, "CNAMERecord") as JObject) is JObject record ? (string?)Member(record, "cname") : null;
        JToken ttl = Member(properties, "TTL") ?? throw new FormatException("A record set has no TTL.");
        return new RecordSet(etag, ttl, Member(properties, "metadata") as JObject, texts, alias, alias is not null);
    }

    /// <summary>The set after the changes of texts; the same object when nothing changes.</summary>
    public RecordSet WithTexts(IReadOnlyList<RecordChange> changes)
    {
        JArray texts = [.. _texts];
        bool isChanged = false;
        foreach (RecordChange change in changes)
        {
            List<JToken> same = [.. texts.Where(t => TextValue.Says(Strings(t), change.Value))];
            if (change.IsRemoval)
            {
                same.ForEach(t => texts.Remove(t));
                isChanged |= same.Count > 0;
            }
            else if (same.Count == 0)
            {
                texts.Add(new JObject { ["value"] = new JArray(TextValue.Encode(change.Value)) });
                isChanged = true;
            }
        }

        return isChanged ? new RecordSet(ETag, _ttl, _metadata, texts, null, isAlias: false) : this;
    }

    /// <summary>The set after the changes of an alias; the same object when nothing changes.</summary>
    /// <param name="changes">What to change.</param>
    /// <param name="occupied">Makes the error for a name that leads elsewhere.</param>
    public RecordSet WithAlias(IReadOnlyList<RecordChange> changes, Func<string, Exception> occupied)
    {
        string? target = _alias;
        foreach (RecordChange change in changes)
        {
            bool isSame = target is not null && ZoneMatch.Canonical(target) == change.Value;
            if (!change.IsRemoval && target is not null && !isSame)
            {
                throw occupied(target);
            }

            target = change.IsRemoval ? (isSame ? null : target) : target ?? change.Value;
        }

        return target == _alias ? this : new RecordSet(ETag, _ttl, _metadata, [], target, isAlias: true);
    }

    /// <summary>True when it has more than Azure keeps in one set.</summary>
    /// <param name="longest">Characters of all texts together.</param>
    public bool Exceeds(int longest) => _texts.Count > MostTexts || _texts.SelectMany(Strings).Sum(s => s.Length) > longest;

    /// <summary>What to send to have it so.</summary>
    public JObject ToRequest()
    {
        JObject properties = new() { ["TTL"] = _ttl };
        if (_metadata is not null)
        {
            properties["metadata"] = _metadata;
        }

        if (!_isAlias)
        {
            properties["TXTRecords"] = _texts;
        }
        else if (_alias is not null)
        {
            properties["CNAMERecord"] = new JObject { ["cname"] = _alias };
        }

        return new JObject { ["properties"] = properties };
    }

    private static IReadOnlyList<string> Strings(JToken text) =>
        [.. ((JArray?)Member((JObject)text, "value") ?? throw new FormatException("A text has no value.")).Select(s => (string?)s ?? throw new FormatException("A text is null."))];

    private static JToken? Member(JObject of, string name) => of.GetValue(name, StringComparison.OrdinalIgnoreCase);
}
