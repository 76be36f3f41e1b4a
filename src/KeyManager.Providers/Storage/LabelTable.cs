using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>The labels of entries and orders.</summary>
internal sealed class LabelTable(Database database) : ILabelStore
{
    public static Labels Read(string? document) => document is null ? Labels.None : RecordJson.Read<Labels>(document);

    public Labels OfEntry(string lineageId) => Read(database.Text("SELECT labels FROM lineages WHERE id = @id", ("@id", lineageId)));

    /// <summary>The columns of a labelled row.</summary>
    public static (string Name, object? Value)[] Values(Labels labels) =>
    [
        ("@owner_key", labels.Owner is null ? null : NamePattern.ToKey(labels.Owner)),
        ("@group_key", labels.Group is null ? null : NamePattern.ToKey(labels.Group)),
        ("@labels", labels.IsEmpty ? null : RecordJson.Write(labels)),
    ];

    public void SetEntry(string lineageId, Labels labels)
    {
        _ = database.Update("lineages", lineageId, Values(labels));
        _ = database.Execute("DELETE FROM entry_tags WHERE lineage_id = @id", ("@id", lineageId));
        AddTags(lineageId, labels);
    }

    /// <summary>The tags of an entry that has none yet.</summary>
    public void AddTags(string lineageId, Labels labels)
    {
        foreach (string tag in labels.Tags)
        {
            _ = database.Execute(
                "INSERT OR IGNORE INTO entry_tags (tag_key, name_key, lineage_id) SELECT @tag, name_key, id FROM lineages WHERE id = @id",
                ("@tag", NamePattern.ToKey(tag)),
                ("@id", lineageId));
        }
    }

    public void SetOrder(string orderId, Labels labels)
    {
        _ = database.Update("orders", orderId, Values(labels));
        _ = database.Execute("DELETE FROM order_tags WHERE order_id = @id", ("@id", orderId));
        foreach (string tag in labels.Tags)
        {
            _ = database.Execute(
                "INSERT OR IGNORE INTO order_tags (tag_key, created_at, order_id) SELECT @tag, created_at, id FROM orders WHERE id = @id",
                ("@tag", NamePattern.ToKey(tag)),
                ("@id", orderId));
        }
    }

    public IReadOnlyList<string> List(LabelKind kind, int most)
    {
        SortedDictionary<string, string> found = new(System.StringComparer.Ordinal);
        foreach (LabelPlace place in new[] { LabelPlace.Entries, LabelPlace.Orders })
        {
            foreach (string key in LabelSearch.Keys(database, place, kind, "", most))
            {
                if (!found.ContainsKey(key) && Spelling(place, kind, key) is string text)
                {
                    found.Add(key, text);
                }
            }
        }

        return [.. found.Values.Take(most)];
    }

    /// <summary>How somebody wrote it, in capitals or not.</summary>
    public string? Spelling(LabelPlace place, LabelKind kind, string key)
    {
        string sql = kind == LabelKind.Tag
            ? $"SELECT labels FROM {place.TagTable} t CROSS JOIN {place.Table} o ON o.id = t.{place.TagRow} WHERE t.tag_key = @key LIMIT 1"
            : $"SELECT labels FROM {place.Table} WHERE {LabelPlace.Column(kind)} = @key LIMIT 1";
        Labels labels = Read(database.Text(sql, ("@key", key)));
        return kind switch
        {
            LabelKind.Tag => labels.Tags.FirstOrDefault(t => NamePattern.ToKey(t) == key),
            LabelKind.Owner => labels.Owner,
            _ => labels.Group,
        };
    }
}
