using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>
/// Cloudflare's interface, version 4: envelope, credentials with rights, pages, filters, one record for each value with its content echoed as it was sent, batches as one transaction.
/// </summary>
internal sealed class FakeCloudflare : FakeDnsService
{
    public const string AccountId = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";
    public const string OtherAccountId = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b";
    public const string Token = "cfut_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_ABchecksum";
    public const string Email = "admin@contoso.test";
    public const string Key = "0123456789abcdef0123456789abcdef01234";

    private const string Root = "/client/v4/";
    private const int MostOperations = 200;

    private readonly object _gate = new();
    private readonly List<FakeZone> _zones = [];
    private readonly List<FakeRecord> _records = [];
    private int _made;

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["BaseUrl"] = Url + "client/v4" };

    public IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string> { ["ApiToken"] = Token };

    public List<FakeCloudflareToken> Tokens { get; } = [new FakeCloudflareToken(Token)];

    /// <summary>Just before a change is made, somebody else makes one.</summary>
    public Action? BeforeChange { get; set; }

    /// <summary>What every change is answered with; null for what is right.</summary>
    public HttpAnswer? Refusing { get; set; }

    /// <summary>Leaves result_info out, as single answers do.</summary>
    public bool HidesCounts { get; set; }

    public override void AddZone(string zone)
    {
        Zones.AddZone(zone);
        AddZone(zone, "active", "full", AccountId);
    }

    /// <summary>A zone that may have the name of another one.</summary>
    public string AddZone(string zone, string status, string type, string account)
    {
        string id = NewId();
        lock (_gate)
        {
            _zones.Add(new FakeZone(id, zone, status, type, account));
        }

        return id;
    }

    public void RemoveZone(string zone)
    {
        lock (_gate)
        {
            _zones.RemoveAll(z => z.Name == zone);
        }
    }

    public string IdOf(string zone) => _zones.Single(z => z.Name == zone).Id;

    /// <summary>A record with exactly this content.</summary>
    public void Seed(string name, string type, string content)
    {
        lock (_gate)
        {
            Put(new FakeRecord(NewId(), _zones.Single(z => z.Name == Zones.TryOf(name)).Id, name, type, content, 300));
        }
    }

    /// <summary>Somebody else removes a record.</summary>
    public void Forget(string name, string value) => Drop(_records.Single(r => r.Name == name && Meaning(r.Type, r.Content) == value));

    /// <summary>Contents as they were sent, with their time to live.</summary>
    public IReadOnlyList<(string Content, long Ttl)> Contents(string name)
    {
        lock (_gate)
        {
            return [.. _records.Where(r => r.Name == name).Select(r => (r.Content, r.Ttl))];
        }
    }

    public override void Throttle(int times) => Next(times, _ => new HttpAnswer(429).With("Retry-After", "3").With("Content-Type", "text/html").WithBody("<html>error code: 1015</html>"));

    public static HttpAnswer Refuse(int status, int code, string message, params (int Code, string Message)[] chain) => HttpAnswer.Json(status, new Dictionary<string, object?>
    {
        ["success"] = false,
        ["errors"] = new object[] { Error(code, message, chain) },
        ["messages"] = Array.Empty<object>(),
        ["result"] = null,
    });

    protected override HttpAnswer Answer(HttpCall call)
    {
        CallQuery query = CallQuery.OfTarget(call);
        string path = query.Path.StartsWith(Root, StringComparison.Ordinal) ? query.Path.Substring(Root.Length) : throw new ServiceFault("the address is outside of the interface");
        bool hasBody = call.Method is "POST";
        if (hasBody != (call.Body.Length > 0) || (hasBody && call.Field("Content-Type") != "application/json") || call.Field("Accept") != "application/json")
        {
            throw new ServiceFault("a body without its type, or one where none belongs");
        }

        lock (_gate)
        {
            try
            {
                FakeCloudflareToken? who = Authenticate(call, path);
                string[] steps = path.Split('/');
                return (call.Method, steps) switch
                {
                    ("GET", ["user", "tokens", "verify"]) => Verify(who, isOfAccount: false),
                    ("GET", ["accounts", AccountId, "tokens", "verify"]) => Verify(who, isOfAccount: true),
                    ("GET", ["zones"]) => ListZones(query, who),
                    ("GET", ["zones", string id]) => ReadZone(id, who),
                    ("GET", ["zones", string id, "dns_records"]) => ListRecords(query, Zone(id, who)),
                    ("POST", ["zones", string id, "dns_records"]) => Change(() => Post(Zone(id, who), Members(call), 0)),
                    ("POST", ["zones", string id, "dns_records", "batch"]) => Change(() => Batch(Zone(id, who), Members(call))),
                    ("DELETE", ["zones", string id, "dns_records", string record]) => Delete(Zone(id, who), record),
                    _ => throw new ServiceFault("there is no such call"),
                };
            }
            catch (Refusal refusal)
            {
                return refusal.Answer;
            }
        }
    }

    private FakeCloudflareToken? Authenticate(HttpCall call, string path)
    {
        string? authorization = call.Field("Authorization");
        if (authorization is null)
        {
            if (call.Field("X-Auth-Key") is not string key || call.Field("X-Auth-Email") is not string email)
            {
                throw new ServiceFault("no credentials");
            }

            return !Regex.IsMatch(key, "^([0-9a-f]{37}|cfk_[A-Za-z0-9_-]{40,})$") ? throw new Refusal(Refuse(400, 6003, "Invalid request headers", (6103, "Invalid format for X-Auth-Key header")))
                : key != Key || email != Email ? throw new Refusal(Refuse(403, 9103, "Unknown X-Auth-Key or X-Auth-Email"))
                : null;
        }

        if (call.Field("X-Auth-Key") is not null || call.Field("X-Auth-Email") is not null)
        {
            throw new ServiceFault("both families of credentials");
        }

        if (!Regex.IsMatch(authorization, "^Bearer [A-Za-z0-9_-]{36,80}$"))
        {
            throw new Refusal(Refuse(400, 6003, "Invalid request headers", (6111, "Invalid format for Authorization header")));
        }

        FakeCloudflareToken? token = Tokens.Find(t => "Bearer " + t.Secret == authorization);
        return token is { Status: "active" } || path.EndsWith("/verify", StringComparison.Ordinal)
            ? token
            : throw new Refusal(path.Contains("dns_records") || token is not null ? Refuse(403, 10000, "Authentication error") : Refuse(403, 9109, "Invalid access token"));
    }

    private static HttpAnswer Verify(FakeCloudflareToken? token, bool isOfAccount) => token is null || token.IsOfAccount != isOfAccount
        ? Refuse(401, 1000, "Invalid API Token")
        : Succeed(new Dictionary<string, object?> { ["id"] = new string('e', 32), ["status"] = token.Status });

    private HttpAnswer ListZones(CallQuery query, FakeCloudflareToken? who)
    {
        query.Allow("name", "page", "per_page", "account.id");
        string? name = query.Find("name");
        if (who is { ReadsZones: false } || (name is null && who is { Lists: false }))
        {
            return Refuse(403, 0, "Requires permission \"com.cloudflare.api.account.zone.list\" to list zones");
        }

        if (name?.Contains("forbidden") == true)
        {
            return Refuse(403, 9109, "Unauthorized to access requested resource");
        }

        return Page(
            query,
            50,
            [
                .. _zones.Where(z => (name is null || z.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) && (who is null || who.Reaches(z.Name))
                    && (query.Find("account.id") is not string account || z.Account == account)).Select(Describe),
            ]);
    }

    private HttpAnswer ReadZone(string id, FakeCloudflareToken? who)
    {
        FakeZone zone = _zones.Find(z => z.Id == id) ?? throw NoRoute(id);
        return who is { ReadsZones: false } || who?.Reaches(zone.Name) == false ? Refuse(403, 9109, "Unauthorized to access requested resource") : Succeed(Describe(zone));
    }

    private HttpAnswer ListRecords(CallQuery query, FakeZone zone)
    {
        query.Allow("name", "name.startswith", "type", "page", "per_page");
        return Page(
            query,
            100,
            [
                .. _records.Where(r => r.Zone == zone.Id
                    && (query.Find("name") is not string name || r.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                    && (query.Find("name.startswith") is not string start || r.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                    && (query.Find("type") is not string type || r.Type == type)).Select(Describe),
            ]);
    }

    private HttpAnswer Page(CallQuery query, int largest, IReadOnlyList<object> all)
    {
        int size = int.Parse(query.Find("per_page") ?? "20", NumberStyles.None, CultureInfo.InvariantCulture);
        int page = int.Parse(query.Find("page") ?? "1", NumberStyles.None, CultureInfo.InvariantCulture);
        if (size < 1 || size > largest || page < 1)
        {
            throw new ServiceFault("a page that is too long");
        }

        List<object> shown = [.. all.Skip((page - 1) * size).Take(size)];
        Dictionary<string, object?> answer = Envelope(shown);
        if (!HidesCounts)
        {
            answer["result_info"] = new Dictionary<string, object?>
            {
                ["page"] = (long)page, ["per_page"] = (long)size, ["count"] = (long)shown.Count, ["total_count"] = (long)all.Count, ["total_pages"] = (long)((all.Count + size - 1) / size),
            };
        }

        return HttpAnswer.Json(200, answer);
    }

    private HttpAnswer Change(Func<object> change)
    {
        BeforeChange?.Invoke();
        return Refusing ?? Succeed(change());
    }

    private Dictionary<string, object?> Batch(FakeZone zone, Dictionary<string, object?> members)
    {
        Allow(members, "deletes", "posts");
        List<object?> deletes = members.TryGetValue("deletes", out object? d) ? (List<object?>)d! : [];
        List<object?> posts = members.TryGetValue("posts", out object? p) ? (List<object?>)p! : [];
        if (deletes.Count + posts.Count is 0 or > MostOperations)
        {
            throw new ServiceFault("a batch of no operations, or of more than the plan allows");
        }

        List<FakeRecord> before = [.. _records];
        try
        {
            foreach (Dictionary<string, object?> delete in deletes.Cast<Dictionary<string, object?>>())
            {
                Allow(delete, "id");
                Remove(zone, (string)delete["id"]!);
            }

            return new Dictionary<string, object?>
            {
                ["deletes"] = deletes,
                ["posts"] = posts.Cast<Dictionary<string, object?>>().Select((post, i) => (object)Post(zone, post, i)).ToList(),
            };
        }
        catch (Refusal)
        {
            // One transaction: what was done is undone.
            _records.Except(before).ToList().ForEach(Drop);
            before.Except(_records).ToList().ForEach(Put);
            throw;
        }
    }

    private Dictionary<string, object?> Post(FakeZone zone, Dictionary<string, object?> members, int index)
    {
        string type = (string)members["type"]!;
        Allow(members, type == "CNAME" ? ["type", "name", "content", "ttl", "proxied"] : ["type", "name", "content", "ttl"]);
        string name = ((string)members["name"]!).ToLowerInvariant();
        name = name == zone.Name || name.EndsWith("." + zone.Name, StringComparison.Ordinal) ? name : $"{name}.{zone.Name}";
        string content = (string)members["content"]!;
        if ((long)members["ttl"]! is not (1 or (>= 60 and <= 86400)))
        {
            throw new Refusal(Refuse(400, 1004, "DNS Validation Error", (9021, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic.")));
        }

        if (type is not ("TXT" or "CNAME") || name.Any(c => c > '~') || name.EndsWith(".", StringComparison.Ordinal) || (type == "CNAME" && members["proxied"] is not false))
        {
            throw new ServiceFault($"operation {index} makes no sense");
        }

        if (content.Length > 2048)
        {
            throw new Refusal(Refuse(400, 1004, "DNS Validation Error", (9009, "Content for TXT record is too long")));
        }

        string meaning = Meaning(type, content);
        IReadOnlyList<FakeRecord> there = [.. _records.Where(r => r.Zone == zone.Id && r.Name == name)];
        if (there.Any(r => r.Type == type && Meaning(r.Type, r.Content) == meaning))
        {
            throw new Refusal(Refuse(400, 81058, "An identical record already exists."));
        }

        if (there.Any(r => r.Type == "CNAME" || type == "CNAME"))
        {
            throw new Refusal(there.Any(r => r.Type == "CNAME") ? Refuse(400, 81054, "A CNAME record with that host already exists.") : Refuse(400, 81053, "An A, AAAA, or CNAME record with that host already exists."));
        }

        FakeRecord record = new(NewId(), zone.Id, name, type, content, (long)members["ttl"]!);
        Put(record);
        return Describe(record);
    }

    private HttpAnswer Delete(FakeZone zone, string record)
    {
        if (!Regex.IsMatch(record, "^[0-9a-f]{32}$"))
        {
            throw new ServiceFault("that is no id of a record");
        }

        BeforeChange?.Invoke();
        Remove(zone, record);
        return HttpAnswer.Json(200, new Dictionary<string, object?> { ["result"] = new Dictionary<string, object?> { ["id"] = record } });
    }

    private void Remove(FakeZone zone, string id) => Drop(_records.Find(r => r.Id == id && r.Zone == zone.Id) ?? throw new Refusal(Refuse(404, 81044, "Record does not exist.")));

    private void Put(FakeRecord record)
    {
        _records.Add(record);
        if (Zones.TryOf(record.Name) is string zone)
        {
            Zones.Add(zone, record.Name, record.Type, Meaning(record.Type, record.Content));
        }
    }

    private void Drop(FakeRecord record)
    {
        _records.Remove(record);
        if (Zones.TryOf(record.Name) is string zone)
        {
            Zones.Remove(zone, record.Name, record.Type, Meaning(record.Type, record.Content));
        }
    }

    private FakeZone Zone(string id, FakeCloudflareToken? who)
    {
        FakeZone zone = _zones.Find(z => z.Id == id) ?? throw NoRoute(id);
        return who is { EditsRecords: false } || who?.Reaches(zone.Name) == false ? throw new Refusal(Refuse(403, 10000, "Authentication error")) : zone;
    }

    private static Refusal NoRoute(string id) => new(HttpAnswer.Json(404, new Dictionary<string, object?>
    {
        ["success"] = false,
        ["errors"] = new object[] { Error(7003, $"Could not route to /client/v4/zones/{id}, perhaps your object identifier is invalid?"), Error(7000, "No route for that URI") },
        ["messages"] = Array.Empty<object>(),
        ["result"] = null,
    }));

    // What a content says, read by its own rules and not by the client's.
    private static string Meaning(string type, string content)
    {
        if (type != "TXT" || !content.StartsWith("\"", StringComparison.Ordinal))
        {
            return content;
        }

        if (!Regex.IsMatch(content, """^"(?:[^"\\]|\\\d{3}|\\[^0-9])*"(?: "(?:[^"\\]|\\\d{3}|\\[^0-9])*")*$"""))
        {
            throw new ServiceFault("the strings of the text are not quoted as in a zone file");
        }

        StringBuilder all = new();
        foreach (Match part in Regex.Matches(content, @"""(?<text>(?:[^""\\]|\\\d{3}|\\[^0-9])*)"" ?"))
        {
            string text = Regex.Replace(
                part.Groups["text"].Value, @"\\(\d{3}|.)", m => m.Groups[1].Value.Length == 3 ? ((char)int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToString() : m.Groups[1].Value);
            all.Append(text.Length <= 255 ? text : throw new ServiceFault("a string of the text is too long"));
        }

        return Encoding.UTF8.GetString([.. all.ToString().Select(c => (byte)c)]);
    }

    private static Dictionary<string, object?> Members(HttpCall call) => (Dictionary<string, object?>)StrictJson.Parse(Encoding.UTF8.GetString(call.Body))!;

    private static void Allow(Dictionary<string, object?> members, params string[] names)
    {
        if (members.Keys.Except(names).FirstOrDefault() is string unknown)
        {
            throw new ServiceFault($"the member {unknown} is unknown");
        }
    }

    private static HttpAnswer Succeed(object result) => HttpAnswer.Json(200, Envelope(result));

    private static Dictionary<string, object?> Envelope(object result) => new() { ["result"] = result, ["success"] = true, ["errors"] = Array.Empty<object>(), ["messages"] = Array.Empty<object>() };

    private static Dictionary<string, object?> Error(int code, string message, params (int Code, string Message)[] chain)
    {
        Dictionary<string, object?> error = new() { ["message"] = message };
        if (code > 0)
        {
            error["code"] = (long)code;
        }

        if (chain.Length > 0)
        {
            error["error_chain"] = chain.Select(c => (object)Error(c.Code, c.Message)).ToList();
        }

        return error;
    }

    private static Dictionary<string, object?> Describe(FakeZone zone) => new()
    {
        ["id"] = zone.Id,
        ["name"] = zone.Name,
        ["status"] = zone.Status,
        ["type"] = zone.Type,
        ["paused"] = false,
        ["account"] = new Dictionary<string, object?> { ["id"] = zone.Account, ["name"] = "Contoso" },
        ["name_servers"] = new object[] { "ada.ns.cloudflare.com", "bob.ns.cloudflare.com" },
        ["created_on"] = "2026-01-02T03:04:05.678901Z",
    };

    private static Dictionary<string, object?> Describe(FakeRecord record) => new()
    {
        ["id"] = record.Id,
        ["name"] = record.Name,
        ["type"] = record.Type,
        ["content"] = record.Content,
        ["proxiable"] = record.Type == "CNAME",
        ["proxied"] = false,
        ["ttl"] = record.Ttl,
        ["settings"] = new Dictionary<string, object?>(),
        ["meta"] = new Dictionary<string, object?>(),
        ["tags"] = Array.Empty<object>(),
        ["created_on"] = "2026-01-02T03:04:05.678901Z",
    };

    private string NewId()
    {
        lock (_gate)
        {
            return (++_made).ToString("x32", CultureInfo.InvariantCulture);
        }
    }

    private sealed record FakeZone(string Id, string Name, string Status, string Type, string Account);

    private sealed record FakeRecord(string Id, string Zone, string Name, string Type, string Content, long Ttl);

    private sealed class Refusal(HttpAnswer answer) : Exception
    {
        public HttpAnswer Answer { get; } = answer;
    }
}
