using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>GoDaddy's first interface as its Swagger file says it: PATCH appends to a zone, PUT and DELETE change all values of a type and name.</summary>
internal sealed class FakeGoDaddySets(FakeGoDaddy service)
{
    private static readonly string[] Types = ["TXT", "CNAME", "NS"];

    /// <param name="call">The request.</param>
    /// <param name="path">Its path below domains.</param>
    /// <param name="query">Its parameters.</param>
    public HttpAnswer Answer(HttpCall call, string[] path, Dictionary<string, string> query)
    {
        if (!service.Knows(call, isThird: false))
        {
            return Error(401, "UNABLE_TO_AUTHENTICATE", "Unauthorized : Could not authenticate API key/secret");
        }

        if (path is not ([_] or [_, "records", ..]))
        {
            throw new ServiceFault("a path that is not used: the list of domains is closed to small accounts");
        }

        string zone = path[0];
        bool isOpen = path.Length == 2 || (path.Length == 4 && path[2] == "TXT" && path[3].StartsWith("_acme-challenge", StringComparison.Ordinal));
        if (service.IsTooSmall || service.Foreign.Contains(zone) || (service.IsSmall && !isOpen && !(service.SaysUnknown && path.Length > 1)))
        {
            return Error(403, "ACCESS_DENIED", "Authenticated user is not allowed access");
        }

        if (service.IsSmall && service.SaysUnknown && !isOpen)
        {
            return Error(404, "UNKNOWN_DOMAIN", "The given domain is not registered, or does not have a zone file");
        }

        if (path.Length == 1)
        {
            return Domain(zone, call, query);
        }

        if (zone.Contains('_') || zone.Length - zone.Replace(".", "").Length == 0)
        {
            return Error(422, "INVALID_DOMAIN", "is not a valid domain name");
        }

        return !service.Zones.Names.Contains(zone) || (service.HidesRecords && call.Method == "GET")
            ? Error(404, "UNKNOWN_DOMAIN", "The given domain is not registered, or does not have a zone file")
            : service.Zones.Lock(() => (call.Method, path.Length) switch
            {
                ("GET", 3 or 4) => List(zone, path[2], path.Length == 4 ? path[3] : null, query),
                ("PATCH", 2) when query.Count == 0 => Append(zone, call),
                ("PUT", 4) when query.Count == 0 => Replace(zone, path[2], path[3], call),
                ("DELETE", 4) when query.Count == 0 => Delete(zone, path[2], path[3]),
                _ => throw new ServiceFault("this would replace more than one set of records, or is no request at all"),
            });
    }

    private static HttpAnswer Error(int status, string code, string message) => FakeGoDaddy.Json(status, new() { ["code"] = code, ["message"] = message });

    private static HttpAnswer Invalid(string path, string code, string message) => FakeGoDaddy.Json(422, new()
    {
        ["code"] = "INVALID_BODY",
        ["message"] = "Request body doesn't fulfill schema, see details in `fields`",
        ["fields"] = new object[] { new Dictionary<string, object?> { ["code"] = code, ["message"] = message, ["path"] = path } },
    });

    private static string Type(string type) => Types.Contains(type) ? type : throw new ServiceFault($"no type {type} here");

    private HttpAnswer Domain(string name, HttpCall call, Dictionary<string, string> query)
    {
        if (call.Method != "GET" || query.Count > 0)
        {
            throw new ServiceFault("domains are not changed");
        }

        bool isServed = service.Zones.Names.Contains(name);
        return isServed || service.OnlyRegistered.Contains(name)
            ? FakeGoDaddy.Json(200, new()
            {
                ["domain"] = name,
                ["domainId"] = 123456789L,
                ["status"] = "ACTIVE",
                ["nameServers"] = new object[] { isServed ? "NS01.DOMAINCONTROL.COM" : "ns1.elsewhere.test", isServed ? "NS02.DOMAINCONTROL.COM" : "ns2.elsewhere.test" },
            })
            : Error(404, "NOT_FOUND", $"Domain {name} not found for shopper");
    }

    private HttpAnswer List(string zone, string type, string? name, Dictionary<string, string> query)
    {
        if (query.Keys.Except(["limit"]).Any() || (query.TryGetValue("limit", out string? limit) && int.Parse(limit) is < 1 or > 500))
        {
            throw new ServiceFault("a parameter that is none, or out of its range");
        }

        if (service.ForgetsAfterChange && service.Calls.Any(c => c.Method != "GET"))
        {
            return Error(404, "UNKNOWN_DOMAIN", "The given domain is not registered, or does not have a zone file");
        }

        IEnumerable<(string Name, string Value)> all = Type(type) == "NS"
            ? service.ServedNames(zone).SelectMany(served => new[] { (served, "ns01.domaincontrol.com"), (served, "ns02.domaincontrol.com") })
            : service.Zones.All(zone).Where(r => r.Type == type).Select(r => (r.Name, r.Value));
        object[] records =
        [
            .. all.Where(r => name is null || r.Name == FakeGoDaddy.Full(name, zone)).Take(500).Select(r => new Dictionary<string, object?>
            {
                ["data"] = r.Value,
                ["name"] = FakeGoDaddy.Relative(r.Name, zone),
                ["ttl"] = (long)service.TtlOf(r.Name, type, r.Value),
                ["type"] = type,
            }),
        ];
        return new HttpAnswer(200).With("Content-Type", "application/json").WithBody(StrictJson.Write(records));
    }

    private HttpAnswer Append(string zone, HttpCall call)
    {
        List<(string Name, string Type, string Data, int Ttl)> added = [];
        if (Body(call) is not List<object?> items)
        {
            return Invalid("records", "UNEXPECTED_TYPE", "is not a array");
        }

        foreach (object? item in items)
        {
            JsonMembers record = JsonMembers.Of(item, "record", "type", "name", "data", "ttl");
            string name = FakeGoDaddy.Full(record.Text("name"), zone);
            if (Problem(record, added.Count) is HttpAnswer problem)
            {
                return problem;
            }

            added.Add((name, Type(record.Text("type")), record.Text("data"), (int)record.Number("ttl")!));
        }

        if (added.Count == 0 || added.Distinct().Count() != added.Count)
        {
            throw new ServiceFault("nothing to add, or one thing twice");
        }

        if (added.Any(a => !service.IsFree(a.Name, a.Type, a.Data)))
        {
            return Error(422, "DUPLICATE_RECORD", "Another record with the same attributes already exists");
        }

        added.ForEach(a => service.Add(zone, a.Name, a.Type, a.Data, a.Ttl));
        return new HttpAnswer(200);
    }

    private HttpAnswer Replace(string zone, string type, string name, HttpCall call)
    {
        string owner = FakeGoDaddy.Full(name, zone);
        if (Body(call) is not List<object?> items)
        {
            return Invalid("records", "UNEXPECTED_TYPE", "is not a array");
        }

        List<JsonMembers> records = [.. items.Select(item => JsonMembers.Of(item, "record", "data", "ttl"))];
        if (records.Select(Problem).FirstOrDefault(p => p is not null) is HttpAnswer problem)
        {
            return problem;
        }

        // An empty list is answered with yes, and the records stay.
        if (records.Count > 0 && !service.IsProtected)
        {
            service.Zones.Set(zone, owner, Type(type), records.Select(r => r.Text("data")));
            records.ForEach(r => service.SetTtl(owner, type, r.Text("data"), (int)r.Number("ttl")!));
        }

        return new HttpAnswer(200).With("Content-Type", "application/json").WithBody("null");
    }

    private HttpAnswer Delete(string zone, string type, string name)
    {
        string owner = FakeGoDaddy.Full(name, zone);
        if (service.Zones.Values(owner, Type(type)).Count == 0)
        {
            return Error(404, "NOT_FOUND", "No records found");
        }

        if (!service.IsProtected)
        {
            service.Zones.Set(zone, owner, type, []);
        }

        return new HttpAnswer(204);
    }

    private static object? Body(HttpCall call) => StrictJson.Parse(System.Text.Encoding.UTF8.GetString(call.Body));

    private static HttpAnswer? Problem(JsonMembers record, int index) => record.Number("ttl") switch
    {
        null => throw new ServiceFault("a record without ttl"),
        < 600 => Invalid($"records[{index}].ttl", "UNKNOWN_RESTRICTION", "must have a minimum value of 600"),
        _ => record.Text("data").Trim().Length is < 1 or > 512 ? Invalid($"records[{index}].data", "MISMATCH_LENGTH", "must have a length of 1 to 512") : null,
    };
}
