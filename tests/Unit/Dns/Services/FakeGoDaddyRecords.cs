using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>GoDaddy's third interface as its OpenAPI file says it: records with ids, made by POST and deleted one by one. Its PUT empties zones and is a fault.</summary>
internal sealed class FakeGoDaddyRecords(FakeGoDaddy service)
{
    private const string RequestId = "6f1c2e7a-4b3d-4e8f-a1c2-3d4e5f6a7b8c";

    /// <param name="call">The request.</param>
    /// <param name="path">Its path.</param>
    /// <param name="query">Its parameters.</param>
    public HttpAnswer Answer(HttpCall call, string[] path, Dictionary<string, string> query)
    {
        if (!service.Knows(call, isThird: true))
        {
            return Error(401, "UNAUTHORIZED", "Authentication credentials are missing or invalid.");
        }

        if (path is not ["v3", "domains", "zones", string zone, "dns-records", ..] || path.Length > 6)
        {
            throw new ServiceFault("no such path");
        }

        bool reads = call.Method == "GET";
        if (reads ? !service.HasReadScope : !service.HasUpdateScope)
        {
            return reads ? Error(401, "UNAUTHORIZED", "The token has not the scope.") : Error(403, "FORBIDDEN", "Authenticated identity is not authorized to perform this operation.");
        }

        if (service.IsTooSmall || service.Foreign.Contains(zone))
        {
            return Error(403, "ACCOUNT_NOT_ELIGIBLE", "Authenticated identity is not authorized to perform this operation.");
        }

        if (zone.Contains('_'))
        {
            return Error(400, "INVALID_DOMAIN", "The zone is not a domain name.");
        }

        return !service.Zones.Names.Contains(zone)
            ? Error(404, "NOT_FOUND", "The requested resource was not found.")
            : service.Zones.Lock(() => (call.Method, path.Length) switch
            {
                ("GET", 5) => List(zone, query),
                ("POST", 5) when query.Count == 0 => Create(zone, call),
                ("DELETE", 6) when query.Count == 0 => Delete(zone, path[5]),
                _ => throw new ServiceFault("no such request, or the one that empties zones"),
            });
    }

    private static HttpAnswer Error(int status, string name, string message, string? issue = null) => FakeGoDaddy.Json(status, new()
    {
        ["name"] = name,
        ["correlationId"] = RequestId,
        ["message"] = message,
        ["details"] = issue is null ? Array.Empty<object>() : new object[] { new Dictionary<string, object?> { ["issue"] = issue, ["description"] = message } },
    });

    private static string IdOf(string name, string type, string data) => "A" + Base64Url.Encode(Encoding.UTF8.GetBytes(string.Join("\n", name, type, data)));

    private HttpAnswer List(string zone, Dictionary<string, string> query)
    {
        int page = int.Parse(query.TryGetValue("page", out string? p) ? p : "1");
        int size = int.Parse(query.TryGetValue("pageSize", out string? s) ? s : "25");
        if (query.Keys.Except(["type", "name", "page", "pageSize"]).Any() || page < 1 || size is < 1 or > 100)
        {
            throw new ServiceFault("a parameter that is none, or out of its range");
        }

        (string Name, string Type, string Data)[] all =
        [
            .. service.ServedNames(zone).SelectMany(served => new[] { (served, "NS", "ns01.domaincontrol.com."), (served, "NS", "ns02.domaincontrol.com.") })
                .Concat(service.Zones.All(zone).Select(r => (r.Name, r.Type, r.Type == "CNAME" ? r.Value + "." : r.Value)))
                .Where(r => (!query.TryGetValue("type", out string? type) || r.Item2 == type) && (!query.TryGetValue("name", out string? name) || r.Item1 == FakeGoDaddy.Full(name, zone)))
                .OrderBy(r => r.Item2, StringComparer.Ordinal).ThenBy(r => r.Item1, StringComparer.Ordinal).ThenBy(r => r.Item3, StringComparer.Ordinal),
        ];
        List<object> links = [Link("self", page), Link("first", 1)];
        if (page * size < all.Length)
        {
            links.Add(Link("next", page + 1));
        }

        return FakeGoDaddy.Json(200, new()
        {
            ["items"] = all.Skip((page - 1) * size).Take(size).Select(r => Record(zone, r.Name, r.Type, r.Data)).ToArray(),
            ["links"] = links.ToArray(),
        }).With("X-Request-Id", RequestId);

        Dictionary<string, object?> Link(string rel, int to) => new() { ["rel"] = rel, ["href"] = $"/v3/domains/zones/{zone}/dns-records?page={to}&pageSize={size}" };
    }

    private Dictionary<string, object?> Record(string zone, string name, string type, string data) => new()
    {
        ["recordId"] = IdOf(name, type, data),
        ["name"] = FakeGoDaddy.Relative(name, zone),
        ["type"] = type,
        ["data"] = data,
        ["ttl"] = (long)service.TtlOf(name, type, data.TrimEnd('.')),
    };

    private HttpAnswer Create(string zone, HttpCall call)
    {
        JsonMembers record = JsonMembers.Parse(call.Body, "record", "type", "name", "data", "ttl");
        (string type, string data, long ttl) = (record.Text("type"), record.Text("data"), record.Number("ttl") ?? throw new ServiceFault("a record without ttl"));
        string name = FakeGoDaddy.Full(record.Text("name"), zone);
        if (type is not ("TXT" or "CNAME") || data.Length is < 1 or > 512 || (type == "CNAME" && !data.EndsWith(".", StringComparison.Ordinal)))
        {
            throw new ServiceFault("a type that is not meant, data that is too long, or a host name without a dot at its end");
        }

        if (ttl is < 600 or > 86400)
        {
            return Error(422, "VALIDATION_ERROR", "ttl is out of range", "INVALID_RANGE");
        }

        string value = type == "CNAME" ? data.TrimEnd('.') : data;
        if (!service.IsFree(name, type, value))
        {
            return Error(422, "VALIDATION_ERROR", $"Duplicate data provided for record name, {record.Text("name")}.", "DUPLICATE_RECORD");
        }

        service.Add(zone, name, type, value, (int)ttl);
        return FakeGoDaddy.Json(201, Record(zone, name, type, data)).With("Location", $"/v3/domains/zones/{zone}/dns-records/{IdOf(name, type, data)}").With("X-Request-Id", RequestId);
    }

    private HttpAnswer Delete(string zone, string id)
    {
        if (service.ServedNames(zone).Any(served => id == IdOf(served, "NS", "ns01.domaincontrol.com.") || id == IdOf(served, "NS", "ns02.domaincontrol.com.")))
        {
            return Error(409, "dns_record_not_mutable", "The record is managed by GoDaddy.");
        }

        (string Name, string Type, string Value)[] found = [.. service.Zones.All(zone).Where(r => IdOf(r.Name, r.Type, r.Type == "CNAME" ? r.Value + "." : r.Value) == id)];
        if (found.Length == 0)
        {
            return Error(404, "NOT_FOUND", "The requested resource was not found.");
        }

        if (!service.IsProtected)
        {
            service.Zones.Remove(zone, found[0].Name, found[0].Type, found[0].Value);
        }

        return new HttpAnswer(204).With("X-Request-Id", RequestId);
    }
}
