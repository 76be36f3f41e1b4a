using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>The interface V2.0 of DNS Made Easy: signatures over the date, its clock, the counters of the limit, pages, texts stored in quotes, one record for each value.</summary>
internal sealed class FakeDnsMadeEasy(Clock clock) : FakeDnsService
{
    public const string ApiKey = "1c1a3c91-4770-4ce7-96f4-54c0eb0e457a";
    public const string SecretKey = "c9b5625f-9834-4ff8-baba-4ed5f32cae55";

    private const string Root = "/V2.0/";
    private const int PageSize = 50;

    private readonly object _gate = new();
    private readonly List<(string Name, long Id)> _zones = [];
    private readonly List<FakeRecord> _records = [];
    private long _made = 10_000_000_000; // beyond 32 bits

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["BaseUrl"] = Url + "V2.0" };

    public IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string> { ["ApiKey"] = ApiKey, ["SecretKey"] = SecretKey };

    /// <summary>How far the clock of the service is from the tests'.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>The number of the first page: the documents do not say.</summary>
    public int FirstPage { get; set; }

    /// <summary>What it says is left of the requests.</summary>
    public long Remaining { get; set; } = 149;

    /// <summary>Counts entries in its lists that never come.</summary>
    public int Phantoms { get; set; }

    /// <summary>Filters are dropped on the way.</summary>
    public bool IgnoresFilters { get; set; }

    /// <summary>Just before a change is made, somebody else makes one.</summary>
    public Action? BeforeChange { get; set; }

    public override void AddZone(string zone)
    {
        Zones.AddZone(zone);
        lock (_gate)
        {
            _zones.Add((zone, ++_made));
        }
    }

    public void RemoveZone(string zone)
    {
        lock (_gate)
        {
            _zones.RemoveAll(z => z.Name == zone);
        }
    }

    /// <summary>A record with exactly this value, from a template when told so.</summary>
    public void Seed(string name, string type, string value, bool isOfTemplate = false)
    {
        lock (_gate)
        {
            string zone = Zones.TryOf(name)!;
            Put(new FakeRecord(++_made, zone, name == zone ? "" : name.Substring(0, name.Length - zone.Length - 1), type, value, isOfTemplate ? 0 : 1));
        }
    }

    /// <summary>Somebody else removes a record.</summary>
    public void Forget(string value) => Drop(_records.Single(r => r.Value == value));

    public override void Throttle(int times) => Next(times, _ => Counted(Refuse(400, "Rate limit exceeded"), 0));

    private static HttpAnswer Refuse(int status, string said) => HttpAnswer.Json(status, new Dictionary<string, object?> { ["error"] = new object[] { said } });

    protected override HttpAnswer Answer(HttpCall call)
    {
        CallQuery query = CallQuery.OfTarget(call);
        string path = query.Path.StartsWith(Root, StringComparison.Ordinal) ? query.Path.Substring(Root.Length) : throw new ServiceFault("the address is outside of the interface");
        if (call.Method == "POST" ? call.Field("Content-Type") != "application/json" || call.Body.Length == 0 : call.Body.Length > 0)
        {
            throw new ServiceFault("a body without its type, or one where none belongs");
        }

        lock (_gate)
        {
            HttpAnswer answer = Authenticate(call) ?? Answer(call, query, path.TrimEnd('/').Split('/'));
            return Counted(answer, Remaining).With("Date", Date());
        }
    }

    private HttpAnswer Answer(HttpCall call, CallQuery query, string[] steps) => (call.Method, steps) switch
    {
        ("GET", ["dns", "managed"]) => ListZones(query),
        ("GET", ["dns", "managed", "name"]) => ReadZone(query),
        ("GET", ["dns", "managed", string id, "records"]) => Zone(id) is string zone ? ListRecords(query, zone) : Page404(),
        ("POST", ["dns", "managed", string id, "records"]) => Zone(id) is string zone ? Create(zone, [Members(call)], isSingle: true) : Page404(),
        ("POST", ["dns", "managed", string id, "records", "createMulti"]) => Zone(id) is string zone ? Create(zone, Several(call), isSingle: false) : Page404(),
        ("DELETE", ["dns", "managed", string id, "records"]) => Zone(id) is string zone ? Delete(zone, query.All("ids")) : Page404(),
        ("DELETE", ["dns", "managed", string id, "records", string record]) => Zone(id) is string zone ? Delete(zone, [record]) : Page404(),
        _ => throw new ServiceFault("there is no such call"),
    };

    private HttpAnswer? Authenticate(HttpCall call)
    {
        if (call.Field("x-dnsme-apiKey") is not { Length: > 0 } key || call.Field("x-dnsme-requestDate") is not { Length: > 0 } date || call.Field("x-dnsme-hmac") is not { Length: > 0 } signature)
        {
            return Refuse(403, "Missing API key or HMAC");
        }

        if (!DateTime.TryParseExact(date, "ddd, dd MMM yyyy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime sent))
        {
            throw new ServiceFault($"the date '{date}' is not in the form of HTTP");
        }

        if (!Regex.IsMatch(signature, "^[0-9a-f]{40}$"))
        {
            throw new ServiceFault("the signature is not 40 hexadecimal digits");
        }

        if (key != ApiKey)
        {
            return Refuse(403, "API key not found");
        }

        if (signature != Hmac(SecretKey, date))
        {
            return Refuse(403, "Unable to verify HMAC");
        }

        TimeSpan off = clock.UtcNow.UtcDateTime + Skew - sent;
        return off.Duration() > TimeSpan.FromSeconds(30)
            ? Refuse(403, $"Request sent with date header too far out of sync.  Difference in times is {(long)off.TotalMilliseconds}, header value is {new DateTimeOffset(sent).ToUnixTimeMilliseconds()}")
            : null;
    }

    // RFC 2104 written out, so that no code is shared with what is tested.
    private static string Hmac(string secret, string text)
    {
#pragma warning disable CA5350
        using SHA1 hash = SHA1.Create();
#pragma warning restore CA5350
        byte[] key = new byte[64];
        byte[] letters = Encoding.ASCII.GetBytes(secret);
        Array.Copy(letters, key, letters.Length);
        byte[] inner = hash.ComputeHash([.. key.Select(b => (byte)(b ^ 0x36)), .. Encoding.ASCII.GetBytes(text)]);
        return BitConverter.ToString(hash.ComputeHash([.. key.Select(b => (byte)(b ^ 0x5c)), .. inner])).Replace("-", "").ToLowerInvariant();
    }

    private HttpAnswer ListZones(CallQuery query)
    {
        query.Allow("page");
        return Page(query, [.. _zones.Select(z => Describe(z))]);
    }

    private HttpAnswer ReadZone(CallQuery query)
    {
        query.Allow("domainname");
        return _zones.Find(z => z.Name == query.Get("domainname")) is { Name: not null } zone ? HttpAnswer.Json(200, Describe(zone)) : Page404();
    }

    private HttpAnswer ListRecords(CallQuery query, string zone)
    {
        query.Allow("recordName", "type", "page");
        return query.Find("recordName") == "" ? throw new ServiceFault("what an empty recordName does is not documented") : Page(
            query,
            [
                .. _records.Where(r => r.Zone == zone && (IgnoresFilters
                    || ((query.Find("recordName") ?? r.Name) == r.Name && (query.Find("type") ?? r.Type) == r.Type))).Select(Describe),
            ]);
    }

    private HttpAnswer Page(CallQuery query, IReadOnlyList<Dictionary<string, object?>> all)
    {
        int page = query.Find("page") is string asked ? Math.Max(0, int.Parse(asked, NumberStyles.None, CultureInfo.InvariantCulture) - FirstPage) : 0;
        return HttpAnswer.Json(200, new Dictionary<string, object?>
        {
            ["totalPages"] = (long)Math.Max(1, (all.Count + Phantoms + PageSize - 1) / PageSize),
            ["totalRecords"] = (long)all.Count + Phantoms,
            ["data"] = all.Skip(page * PageSize).Take(PageSize).ToList(),
            ["page"] = (long)page,
        });
    }

    private HttpAnswer Create(string zone, IReadOnlyList<Dictionary<string, object?>> several, bool isSingle)
    {
        BeforeChange?.Invoke();
        if (several.Count is 0 or > 200)
        {
            throw new ServiceFault("no record, or more than other clients dare");
        }

        List<FakeRecord> made = [];
        foreach (Dictionary<string, object?> members in several)
        {
            if (members.Keys.Except(["name", "type", "value", "ttl", "gtdLocation"]).FirstOrDefault() is string unknown)
            {
                throw new ServiceFault($"the member {unknown} is unknown");
            }

            FakeRecord record = new(++_made, zone, (string)members["name"]!, (string)members["type"]!, (string)members["value"]!, 1);
            if ((long)members["ttl"]! < 1 || (string)members["gtdLocation"]! != "DEFAULT" || record.Name.EndsWith(".", StringComparison.Ordinal) || record.Name == "@"
                || record.Name != record.Name.ToLowerInvariant() || record.Type is not ("TXT" or "CNAME"))
            {
                throw new ServiceFault("a member has a value that it may not have");
            }

            if (record.Type == "TXT")
            {
                // It quotes what comes without quotes, and cuts what is longer than a string of DNS.
                string text = Regex.Replace(record.Value, "^\"(.*)\"$", "$1");
                record = record with { Value = text.Contains("\"") || text.Any(c => c > '~') ? throw new ServiceFault("quotes inside a text") : "\"" + string.Join("\"\"", Cut(text)) + "\"" };
            }

            if (_records.Concat(made).Any(r => r.Zone == zone && r.Name == record.Name && r.Type == record.Type && r.Value == record.Value))
            {
                return Refuse(400, $"Record with this type ({record.Type}), name ({record.Name}), and value ({record.Value}) already exists.");
            }

            made.Add(record);
        }

        made.ForEach(Put);
        return isSingle
            ? HttpAnswer.Json(201, Describe(made[0]))
            : new HttpAnswer(201).With("Content-Type", "application/json").WithBody(StrictJson.Write(made.Select(Describe).ToList()));
    }

    private HttpAnswer Delete(string zone, IReadOnlyList<string> ids)
    {
        BeforeChange?.Invoke();
        if (ids.Count == 0)
        {
            throw new ServiceFault("which ones?");
        }

        foreach (string id in ids)
        {
            if (_records.Find(r => r.Zone == zone && r.Id == long.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture)) is not FakeRecord record)
            {
                return Refuse(404, "Not Found");
            }

            Drop(record.Source == 1 ? record : throw new ServiceFault("a record of a template"));
        }

        return new HttpAnswer(200).With("Content-Type", "application/json"); // says JSON, and is empty
    }

    private void Put(FakeRecord record)
    {
        _records.Add(record);
        Zones.Add(record.Zone, FullName(record), record.Type, Meaning(record));
    }

    private void Drop(FakeRecord record)
    {
        _records.Remove(record);
        Zones.Remove(record.Zone, FullName(record), record.Type, Meaning(record));
    }

    private static string FullName(FakeRecord record) => record.Name.Length == 0 ? record.Zone : $"{record.Name}.{record.Zone}";

    private static string Meaning(FakeRecord record) => record.Type == "TXT" ? record.Value.Trim('"').Replace("\"\"", "")
        : record.Value.EndsWith(".", StringComparison.Ordinal) ? record.Value.TrimEnd('.') : $"{record.Value}.{record.Zone}";

    private static IEnumerable<string> Cut(string text) => Enumerable.Range(0, Math.Max(1, (text.Length + 254) / 255)).Select(i => text.Substring(i * 255, Math.Min(255, text.Length - (i * 255))));

    private string? Zone(string id) => _zones.Find(z => z.Id.ToString(CultureInfo.InvariantCulture) == id).Name;

    private static HttpAnswer Page404() => new HttpAnswer(404).With("Content-Type", "text/html;charset=ISO-8859-1").WithBody("<html><head><title>404</title></head><body><h1>Not\n here</h1></body></html>");

    private HttpAnswer Counted(HttpAnswer answer, long remaining) => answer
        .With("x-dnsme-requestId", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0")
        .With("x-dnsme-requestLimit", "150")
        .With("x-dnsme-requestsRemaining", remaining.ToString(CultureInfo.InvariantCulture));

    private string Date() => (clock.UtcNow + Skew).UtcDateTime.ToString("r", CultureInfo.InvariantCulture);

    private static Dictionary<string, object?> Members(HttpCall call) => (Dictionary<string, object?>)StrictJson.Parse(Encoding.UTF8.GetString(call.Body))!;

    private static List<Dictionary<string, object?>> Several(HttpCall call) => [.. ((List<object?>)StrictJson.Parse(Encoding.UTF8.GetString(call.Body))!).Cast<Dictionary<string, object?>>()];

    private static Dictionary<string, object?> Describe((string Name, long Id) zone) => new()
    {
        ["created"] = 1521590400000L,
        ["name"] = zone.Name,
        ["nameServers"] = new object[] { new Dictionary<string, object?> { ["id"] = 7L, ["groupId"] = 3L, ["fqdn"] = "ns1.dnsmadeeasy.test" } },
        ["gtdEnabled"] = false,
        ["id"] = zone.Id,
        ["pendingActionId"] = 0L,
    };

    private static Dictionary<string, object?> Describe(FakeRecord record) => new()
    {
        ["value"] = record.Value,
        ["name"] = record.Name,
        ["id"] = record.Id,
        ["type"] = record.Type,
        ["source"] = record.Source,
        ["sourceId"] = 878951L,
        ["ttl"] = 120L,
        ["gtdLocation"] = "DEFAULT",
        ["failover"] = false,
        ["hardLink"] = false,
    };

    private sealed record FakeRecord(long Id, string Zone, string Name, string Type, string Value, long Source);
}
