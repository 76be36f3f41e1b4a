using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>ClouDNS: everything is a form that is posted, everything is answered with status 200, numbers come as text and text as numbers, and the rate is counted.</summary>
internal sealed class FakeClouDns(Clock clock) : FakeDnsService
{
    public const string AuthId = "12345";
    public const string SubAuthId = "777";
    public const string SubAuthUser = "certificates";
    public const string Password = "p+w&rd %#=ü";

    private static readonly string[] Ttls = ["60", "300", "900", "1800", "3600", "21600", "43200", "86400", "172800", "259200", "604800", "1209600", "2592000"];

    private readonly object _gate = new();
    private readonly List<FakeZone> _zones = [];
    private readonly List<FakeRecord> _records = [];
    private readonly List<DateTimeOffset> _times = [];
    private long _made = 5_769_228;

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["BaseUrl"] = Url.AbsoluteUri, ["AuthId"] = AuthId };

    public IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string> { ["AuthPassword"] = Password };

    /// <summary>How often it says that a server is behind.</summary>
    public int Behind { get; set; }

    /// <summary>How it answers the question which servers are up to date, in the place of the list.</summary>
    public HttpAnswer? Status { get; set; }

    /// <summary>The next records are added, and nobody hears of it.</summary>
    public int LostAnswers { get; set; }

    /// <summary>Zones that are delegated to the sub user.</summary>
    public List<string> Delegated { get; } = [];

    public override void AddZone(string zone)
    {
        Zones.AddZone(zone);
        AddZone(zone, "master", null, "1");
    }

    public void AddZone(string zone, string type, string? master, string status)
    {
        lock (_gate)
        {
            _zones.Add(new FakeZone(zone, type, master, status));
        }
    }

    public void RemoveZone(string zone)
    {
        lock (_gate)
        {
            _zones.RemoveAll(z => z.Name == zone);
        }
    }

    public void Seed(string name, string type, string value)
    {
        lock (_gate)
        {
            string zone = Zones.TryOf(name)!;
            Put(new FakeRecord(++_made, zone, name == zone ? "" : name.Substring(0, name.Length - zone.Length - 1), type, value, "60"));
        }
    }

    public IReadOnlyList<(string Host, string Ttl)> Written(string zone) => [.. _records.Where(r => r.Zone == zone).Select(r => (r.Host, r.Ttl))];

    public override void Throttle(int times) => Next(times, _ => Fail("Request blocked. 192.0.2.7 is sending more than 20 requests per second."));

    public static HttpAnswer Fail(string description) => Json(new Dictionary<string, object?> { ["status"] = "Failed", ["statusDescription"] = description });

    public static HttpAnswer Json(object answer) => new HttpAnswer(200).With("Content-Type", "application/json").WithBody(StrictJson.Write(answer));

    protected override HttpAnswer Answer(HttpCall call)
    {
        if (call.Method != "POST" || call.Field("Content-Type") != "application/x-www-form-urlencoded" || call.Target.Contains("?"))
        {
            throw new ServiceFault("that is no form, or a part of it is in the address, where the password would be seen");
        }

        CallQuery form = CallQuery.OfForm(call);
        lock (_gate)
        {
            Count();
            if (!call.Target.StartsWith("/dns/", StringComparison.Ordinal) || !call.Target.EndsWith(".json", StringComparison.Ordinal))
            {
                throw new ServiceFault("the address is outside of the interface");
            }

            return Authenticate(form, out bool isSub) ?? (call.Target.Substring(5, call.Target.Length - 10) switch
            {
                "get-zone-info" => ZoneInfo(Only(form, "domain-name"), isSub),
                "list-zones" => ListZones(Only(form, "page", "rows-per-page"), isSub),
                "records" => ListRecords(Only(form, "domain-name", "host", "type"), isSub),
                "add-record" => Add(Only(form, "domain-name", "record-type", "host", "record", "ttl"), isSub),
                "delete-record" => Delete(Only(form, "domain-name", "record-id"), isSub),
                "update-status" => UpdateStatus(Only(form, "domain-name"), isSub),
                _ => throw new ServiceFault("there is no such method"),
            });
        }
    }

    // 20 in a second and 600 in a minute, whatever they are.
    private void Count()
    {
        DateTimeOffset now = clock.UtcNow;
        _times.Add(now);
        if (_times.Count(t => now - t < TimeSpan.FromSeconds(1)) > 20 || _times.Count(t => now - t < TimeSpan.FromMinutes(1)) > 600)
        {
            throw new ServiceFault("more requests than the limit allows");
        }
    }

    private static HttpAnswer? Authenticate(CallQuery form, out bool isSub)
    {
        (string Name, string Right)[] users = [("auth-id", AuthId), ("sub-auth-id", SubAuthId), ("sub-auth-user", SubAuthUser)];
        (string Name, string Right)[] given = [.. users.Where(u => form.Find(u.Name) is not null)];
        if (given.Length != 1)
        {
            throw new ServiceFault("exactly one user signs in");
        }

        isSub = given[0].Name != "auth-id";
        return form.Find(given[0].Name) == given[0].Right && form.Get("auth-password") == Password
            ? null
            : Fail($"Invalid authentication, incorrect {(isSub ? "sub-auth-id, sub-auth-user" : "auth-id")} or auth-password.");
    }

    private static CallQuery Only(CallQuery form, params string[] names)
    {
        form.Allow(["auth-id", "sub-auth-id", "sub-auth-user", "auth-password", .. names]);
        return form;
    }

    private HttpAnswer ZoneInfo(CallQuery form, bool isSub) => Zone(form, isSub) is FakeZone zone ? Json(Describe(zone, withMaster: true)) : Fail("Missing domain-name");

    private HttpAnswer ListZones(CallQuery form, bool isSub)
    {
        int size = int.Parse(form.Get("rows-per-page"), NumberStyles.None, CultureInfo.InvariantCulture);
        if (size is not (10 or 20 or 30 or 50 or 100))
        {
            return Fail("Wrong or missing required parameter 'rows-per-page'.");
        }

        int page = int.Parse(form.Get("page"), NumberStyles.None, CultureInfo.InvariantCulture);
        return Json(_zones.Where(z => !isSub || Delegated.Contains(z.Name)).Skip((page - 1) * size).Take(size).Select(z => Describe(z, withMaster: false)).ToList());
    }

    private HttpAnswer ListRecords(CallQuery form, bool isSub)
    {
        if (Zone(form, isSub) is not FakeZone zone)
        {
            return Fail("Missing domain-name");
        }

        string? host = form.Find("host");
        FakeRecord[] records = [.. _records.Where(r => r.Zone == zone.Name && (string.IsNullOrEmpty(host) || r.Host == host) && (form.Find("type") ?? r.Type) == r.Type)];
        return Json(records.Length == 0 ? Array.Empty<object>() : records.ToDictionary(r => r.Id.ToString(CultureInfo.InvariantCulture), r => (object?)new Dictionary<string, object?>
        {
            ["id"] = r.Id.ToString(CultureInfo.InvariantCulture),
            ["type"] = r.Type,
            ["host"] = r.Host,
            ["record"] = r.Value,
            ["failover"] = "0",
            ["ttl"] = r.Ttl,
            ["status"] = 1L,
            ["notes"] = "",
        }));
    }

    private HttpAnswer Add(CallQuery form, bool isSub)
    {
        if (Zone(form, isSub) is not FakeZone zone)
        {
            return Fail("Missing domain-name");
        }

        FakeRecord record = new(++_made, zone.Name, form.Get("host").ToLowerInvariant(), form.Get("record-type"), form.Get("record"), form.Get("ttl"));
        if (!Ttls.Contains(record.Ttl))
        {
            return Fail("Missing or wrong TTL.");
        }

        if (record.Host == "@" || record.Host.EndsWith(".", StringComparison.Ordinal) || record.Value.Length == 0 || record.Value.IndexOfAny(['"', '`']) >= 0
            || record.Value.EndsWith(record.Type == "TXT" ? " " : ".", StringComparison.Ordinal) || record.Type is not ("TXT" or "CNAME"))
        {
            throw new ServiceFault("a parameter has a value that it may not have");
        }

        Put(record);
        return LostAnswers-- > 0 ? HttpAnswer.Drop() : Json(new Dictionary<string, object?>
        {
            ["status"] = "Success",
            ["statusDescription"] = "The record was added successfully.",
            ["data"] = new Dictionary<string, object?> { ["id"] = record.Id },
        });
    }

    private HttpAnswer Delete(CallQuery form, bool isSub)
    {
        if (Zone(form, isSub) is not FakeZone zone)
        {
            return Fail("Missing domain-name");
        }

        if (_records.Find(r => r.Zone == zone.Name && r.Id.ToString(CultureInfo.InvariantCulture) == form.Get("record-id")) is not FakeRecord record)
        {
            return Fail("Invalid record-id param.");
        }

        _records.Remove(record);
        Zones.Remove(record.Zone, FullName(record), record.Type, record.Value);
        return Json(new Dictionary<string, object?> { ["status"] = "Success", ["statusDescription"] = "The record was deleted successfully." });
    }

    private HttpAnswer UpdateStatus(CallQuery form, bool isSub) => Status ?? (Zone(form, isSub) is null ? Fail("Missing domain-name") : Json(new object[]
    {
        new Dictionary<string, object?> { ["server"] = "dns1.cloudns.test", ["ip4"] = "192.0.2.1", ["ip6"] = "2001:db8::1", ["updated"] = true },
        new Dictionary<string, object?> { ["server"] = "dns2.cloudns.test", ["ip4"] = "192.0.2.2", ["ip6"] = "2001:db8::2", ["updated"] = Behind-- <= 0 },
    }));

    private FakeZone? Zone(CallQuery form, bool isSub) => _zones.Find(z => z.Name == form.Get("domain-name") && (!isSub || Delegated.Contains(z.Name)));

    private void Put(FakeRecord record)
    {
        _records.Add(record);
        Zones.Add(record.Zone, FullName(record), record.Type, record.Value);
    }

    private static string FullName(FakeRecord record) => record.Host.Length == 0 ? record.Zone : $"{record.Host}.{record.Zone}";

    private static Dictionary<string, object?> Describe(FakeZone zone, bool withMaster)
    {
        Dictionary<string, object?> described = new() { ["name"] = zone.Name, ["type"] = zone.Type, ["zone"] = "domain", ["status"] = zone.Status };
        if (withMaster && zone.Master is not null)
        {
            described["cloud-master"] = zone.Master;
        }

        return described;
    }

    private sealed record FakeZone(string Name, string Type, string? Master, string Status);

    private sealed record FakeRecord(long Id, string Zone, string Host, string Type, string Value, string Ttl);
}
