using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>The record sets of <see cref="FakeAzure"/>: replaced whole, under conditions (ETags). What they say is put into the zones that are served.</summary>
internal sealed class FakeAzureRecords(ServedZones served)
{
    private readonly object _gate = new();
    private readonly Dictionary<(string Zone, string Type, string Name), State> _sets = [];
    private int _etags;

    /// <summary>Done between what is asked and what is written, as by another program; taken out when done.</summary>
    public Queue<Action> BeforeWrites { get; } = new();

    /// <summary>Characters of all texts of one set.</summary>
    public int Longest { get; set; } = 4096;

    /// <summary>ETags with quotes around them, as some programs expect.</summary>
    public bool QuotesETags { get; set; }

    /// <summary>Members in the letter case of private zones.</summary>
    public bool WritesLowerCase { get; set; }

    /// <summary>A set with these texts, one string each.</summary>
    public void Seed(string zone, string name, string type, IReadOnlyList<string> values)
    {
        Dictionary<string, object?> properties = new() { ["TTL"] = 300L };
        if (type == "TXT")
        {
            properties["TXTRecords"] = values.Select(v => (object?)Text(Escape(v))).ToList();
        }
        else
        {
            properties["CNAMERecord"] = new Dictionary<string, object?> { ["cname"] = values.Single() + "." };
        }

        Put(zone, name, type, properties);
    }

    /// <summary>A set with these properties, exactly.</summary>
    public void Put(string zone, string name, string type, Dictionary<string, object?> properties)
    {
        lock (_gate)
        {
            Store((zone, type, name), properties);
        }
    }

    /// <summary>The properties of a set; <c>null</c> when there is none.</summary>
    public IReadOnlyDictionary<string, object?>? Find(string zone, string name, string type)
    {
        lock (_gate)
        {
            return _sets.TryGetValue((zone, type, name), out State? state) ? state.Properties : null;
        }
    }

    /// <summary>One text of several strings, as it is written.</summary>
    public static Dictionary<string, object?> Text(params string[] strings) => new() { ["value"] = strings.Select(s => (object?)s).ToList() };

    public HttpAnswer Answer(HttpCall call, FakeAzureZone zone, string type, string relative, string? locked)
    {
        string name = relative == "@" ? zone.Name : $"{relative.ToLowerInvariant()}.{zone.Name}";
        if (name.EndsWith($".{zone.Name}.{zone.Name}", StringComparison.Ordinal))
        {
            throw new ServiceFault("A full name where a relative one belongs.");
        }

        if (call.Method != "GET")
        {
            Action? before;
            lock (_gate)
            {
                before = BeforeWrites.Count > 0 ? BeforeWrites.Dequeue() : null;
            }

            before?.Invoke();
        }

        lock (_gate)
        {
            (string, string, string) key = (zone.Name, type, name);
            State? state = _sets.TryGetValue(key, out State? found) ? found : null;
            return call.Method switch
            {
                "GET" => state is null ? NotFound(relative, zone) : Show(200, zone, type, relative, state),
                "PUT" => Write(call, zone, type, relative, key, state, locked),
                _ => Delete(call, zone, key, state, locked),
            };
        }
    }

    private HttpAnswer Write(HttpCall call, FakeAzureZone zone, string type, string relative, (string Zone, string Type, string Name) key, State? state, string? locked)
    {
        if (call.Field("Content-Type") != "application/json")
        {
            throw new ServiceFault("Content-Type is not application/json.");
        }

        Dictionary<string, object?> properties = ReadProperties(call.Body, type);
        if (locked == "ReadOnly")
        {
            return ScopeLocked(zone, "write");
        }

        if (Condition(call, state) is HttpAnswer failed)
        {
            return failed;
        }

        if (_sets.Keys.Any(k => k.Zone == key.Zone && k.Name == key.Name && k.Type != type))
        {
            return FakeAzure.Bare(409, "Conflict", type == "CNAME"
                ? "The CNAME record could not be created because another record with the same name already exists in this zone."
                : "The record could not be created because a CNAME record with the same name already exists in this zone.");
        }

        if (type == "TXT" && Strings(properties).SelectMany(s => s).Sum(s => s.Length) > Longest)
        {
            return FakeAzure.Bare(400, "BadRequest", $"The combined length of all TXT records in a record set may not exceed {Longest} characters.");
        }

        Store(key, properties);
        return Show(state is null ? 201 : 200, zone, type, relative, _sets[key]);
    }

    private HttpAnswer Delete(HttpCall call, FakeAzureZone zone, (string, string, string) key, State? state, string? locked)
    {
        if (locked is not null)
        {
            return ScopeLocked(zone, "delete");
        }

        if (Condition(call, state) is HttpAnswer failed)
        {
            return failed;
        }

        Remove(key);
        return new HttpAnswer(200);
    }

    /// <summary>Every write has to say which state it is for: a client without a condition overwrites what others have written.</summary>
    private HttpAnswer? Condition(HttpCall call, State? state)
    {
        string? match = call.Field("If-Match");
        string? none = call.Field("If-None-Match");
        if ((match is null) == (none is null) || none is not (null or "*"))
        {
            throw new ServiceFault("One of If-Match: <etag> and If-None-Match: * belongs to every write.");
        }

        bool isMet = none is not null ? state is null : state is not null && (match == "*" || match == state.ETag);
        return isMet ? null : FakeAzure.Bare(
            412, "PreconditionFailed", $"The condition '{match ?? none}' in the {(match is null ? "If-None-Match" : "If-Match")} header was not satisfied. The current etag is '{state?.ETag ?? "n/a"}'.");
    }

    private void Store((string Zone, string Type, string Name) key, Dictionary<string, object?> properties)
    {
        _sets[key] = new State($"etag-{++_etags}", properties);
        served.Set(key.Zone, key.Name, key.Type, key.Type == "TXT"
            ? Strings(properties).Select(s => string.Concat(s.Select(Unescape)))
            : properties.TryGetValue("CNAMERecord", out object? record) ? [((string)((Dictionary<string, object?>)record!)["cname"]!).TrimEnd('.')] : []);
    }

    private void Remove((string Zone, string Type, string Name) key)
    {
        _sets.Remove(key);
        served.Set(key.Zone, key.Name, key.Type, []);
    }

    private HttpAnswer Show(int status, FakeAzureZone zone, string type, string relative, State state)
    {
        Dictionary<string, object?> properties = new(state.Properties) { ["fqdn"] = $"{relative}.{zone.Name}.", ["provisioningState"] = "Succeeded", ["targetResource"] = new Dictionary<string, object?>() };
        if (WritesLowerCase)
        {
            properties = properties.ToDictionary(p => p.Key switch { "TTL" => "ttl", "TXTRecords" => "txtRecords", "CNAMERecord" => "cnameRecord", _ => p.Key }, p => p.Value);
        }

        return HttpAnswer.Json(status, new Dictionary<string, object?>
        {
            ["id"] = $"{zone.Id}/{type}/{relative}",
            ["name"] = relative,
            ["type"] = $"Microsoft.Network/dnszones/{type}",
            ["etag"] = QuotesETags ? $"\"{state.ETag}\"" : state.ETag,
            ["properties"] = properties,
        });
    }

    private static Dictionary<string, object?> ReadProperties(byte[] body, string type)
    {
        JsonMembers properties = JsonMembers.Of(
            JsonMembers.Parse(body, "record set", "properties").Value("properties"), "properties", "TTL", "metadata", type == "TXT" ? "TXTRecords" : "CNAMERecord");
        if (properties.Number("TTL") is not (>= 1 and <= int.MaxValue))
        {
            throw new ServiceFault("TTL is 1 to 2147483647.");
        }

        Dictionary<string, object?> read = new() { ["TTL"] = properties.Number("TTL") };
        if (properties.Has("metadata"))
        {
            read["metadata"] = properties.Value("metadata") as Dictionary<string, object?> ?? throw new ServiceFault("metadata is no object.");
        }

        if (type == "CNAME")
        {
            string target = JsonMembers.Of(properties.Value("CNAMERecord"), "alias", "cname").Text("cname");
            read["CNAMERecord"] = target.Length > 0 ? new Dictionary<string, object?> { ["cname"] = target } : throw new ServiceFault("An alias to nowhere.");
            return read;
        }

        List<object?> records = [.. properties.List("TXTRecords")];
        read["TXTRecords"] = records;
        List<IReadOnlyList<string>> texts = [.. records.Select(r => JsonMembers.Of(r, "text", "value").Texts("value"))];
        if (texts.Any(t => t.Count == 0 || t.Any(s => s.Length > 255 || s.Any(c => c is < ' ' or > '~'))) || texts.Count > 400)
        {
            throw new ServiceFault("A text has strings of 255 printable characters at most; a set has 400 texts.");
        }

        return texts.Select(t => string.Concat(t)).Distinct(StringComparer.Ordinal).Count() == texts.Count ? read : throw new ServiceFault("A text is there twice.");
    }

    private static IEnumerable<IReadOnlyList<string>> Strings(IReadOnlyDictionary<string, object?> properties) => properties.TryGetValue("TXTRecords", out object? records)
        ? ((List<object?>)records!).Select(r => (IReadOnlyList<string>)[.. ((List<object?>)((Dictionary<string, object?>)r!)["value"]!).Cast<string>()])
        : [];

    private static string Escape(string value) => value.Replace("\\", "\\\\");

    private static string Unescape(string written)
    {
        List<byte> octets = [];
        for (int i = 0; i < written.Length; i++)
        {
            if (written[i] != '\\')
            {
                octets.AddRange(Encoding.UTF8.GetBytes(written[i].ToString()));
            }
            else if (char.IsDigit(written[i + 1]))
            {
                octets.Add(byte.Parse(written.Substring(i + 1, 3), CultureInfo.InvariantCulture));
                i += 3;
            }
            else
            {
                octets.Add((byte)written[++i]);
            }
        }

        return Encoding.UTF8.GetString([.. octets]);
    }

    private static HttpAnswer NotFound(string relative, FakeAzureZone zone) => FakeAzure.Bare(
        404, "NotFound", $"The resource record '{relative}' does not exist in resource group '{zone.Group}' of subscription '{zone.Subscription}'.");

    private static HttpAnswer ScopeLocked(FakeAzureZone zone, string what) => FakeAzure.Error(
        409, "ScopeLocked", $"The scope '{zone.Id}' cannot perform {what} operation because following scope(s) are locked: '{zone.Id}'. Please remove the lock and try again.");

    private sealed record State(string ETag, Dictionary<string, object?> Properties);
}
