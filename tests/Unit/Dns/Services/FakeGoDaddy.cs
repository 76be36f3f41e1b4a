using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>
/// GoDaddy with its first interface (also under the path of corporate accounts) and its third: who is asked, which zones there are, what they hold, how often it may be asked. The two
/// interfaces are <see cref="FakeGoDaddySets"/> and <see cref="FakeGoDaddyRecords"/>.
/// </summary>
/// <param name="usesToken">The account has a personal access token, and else a pair of key and secret.</param>
/// <param name="clock">The time by which requests are counted; <c>null</c> counts none.</param>
internal sealed class FakeGoDaddy(bool usesToken = false, Clock? clock = null) : FakeDnsService
{
    public const string Key = "dKYWxt3kNvw_2FvPpJmmwHVQZJ1hSFzTQ";
    public const string Secret = "5UsTNrP8nMR2hRqB3dJ1Bc";
    public const string ApiToken = "gd_pat_4f1QmZ8rTn6KxWb2LcVd7HsYpJgE_1a2b3c4d";

    private const int MostInAMinute = 60;

    private readonly ConcurrentDictionary<(string Name, string Type, string Value), int> _ttls = new();
    private readonly Queue<DateTimeOffset> _asked = new();
    private readonly object _lock = new();

    /// <summary>The first part of the path of a corporate account, in place of v1.</summary>
    public string? Customer { get; set; }

    /// <summary>What X-Shopper-Id has to be; <c>null</c> when it must not be there.</summary>
    public string? Shopper { get; set; }

    /// <summary>The account has not enough domains: all is denied.</summary>
    public bool IsTooSmall { get; set; }

    /// <summary>The account has few domains: of records only the texts at _acme-challenge are open, name by name.</summary>
    public bool IsSmall { get; set; }

    /// <summary>To a small account it says of the rest that it is unknown, and not that access is denied.</summary>
    public bool SaysUnknown { get; set; }

    /// <summary>No record can be read, as if there were no zone, while the domain itself can be looked at and changes are made.</summary>
    public bool HidesRecords { get; set; }

    /// <summary>Domains that are registered here and served elsewhere.</summary>
    public HashSet<string> OnlyRegistered { get; } = [];

    /// <summary>Domains of other accounts.</summary>
    public HashSet<string> Foreign { get; } = [];

    /// <summary>Names in the zones that are left to name servers elsewhere.</summary>
    public List<string> HandedOn { get; } = [];

    /// <summary>Domain Protection: changes are answered with yes. Texts are stored without their data, and nothing is taken away.</summary>
    public bool IsProtected { get; set; }

    /// <summary>The first interface knows no zone any more as soon as something was changed.</summary>
    public bool ForgetsAfterChange { get; set; }

    public bool HasReadScope { get; set; } = true;

    public bool HasUpdateScope { get; set; } = true;

    /// <summary>Requests that are counted against the limit by another program with the same credentials: what RateLimit-Remaining says.</summary>
    public int? Remaining { get; set; }

    public IReadOnlyDictionary<string, string> Settings => usesToken
        ? new Dictionary<string, string> { ["BaseUrl"] = Url.AbsoluteUri }
        : new Dictionary<string, string> { ["BaseUrl"] = Url.AbsoluteUri, ["Key"] = Key };

    public IReadOnlyDictionary<string, string> Secrets => usesToken
        ? new Dictionary<string, string> { ["ApiToken"] = ApiToken }
        : new Dictionary<string, string> { ["Secret"] = Secret };

    public override void Throttle(int times) => Next(times, _ => Json(429, new() { ["code"] = "TOO_MANY_REQUESTS", ["message"] = "Too many requests", ["retryAfterSec"] = 30L }));

    public int TtlOf(string name, string type, string value) => _ttls.TryGetValue((name, type, value), out int ttl) ? ttl : 3600;

    public void SetTtl(string name, string type, string value, int ttl) => _ttls[(name, type, value)] = ttl;

    /// <summary>The names in a zone that have name servers: itself, and those that are zones here too, since nobody would find those otherwise.</summary>
    public IEnumerable<string> ServedNames(string zone) =>
        [zone, .. Zones.Names.Concat(HandedOn).Where(other => other.EndsWith("." + zone, StringComparison.Ordinal))];

    /// <summary>A name as it stands in a zone.</summary>
    public static string Relative(string name, string zone) => name == zone ? "@" : name.Substring(0, name.Length - zone.Length - 1);

    /// <summary>The full name of one that stands in a zone.</summary>
    /// <exception cref="ServiceFault">It is a full name already, or none.</exception>
    public static string Full(string name, string zone) => name.Length == 0 || name.EndsWith(".", StringComparison.Ordinal) || ("." + name).EndsWith("." + zone, StringComparison.Ordinal)
        ? throw new ServiceFault($"'{name}' is not relative to {zone}")
        : name == "@" ? zone : name + "." + zone;

    /// <summary>Whether a value may stand at a name: no other alias, and nothing beside one.</summary>
    public bool IsFree(string name, string type, string value) =>
        Zones.Values(name, "CNAME").Count == 0 && (type != "CNAME" || Zones.Values(name, "TXT").Count == 0) && !Zones.Values(name, type).Contains(value);

    public void Add(string zone, string name, string type, string value, int ttl)
    {
        string stored = IsProtected && type == "TXT" ? "" : value;
        Zones.Add(zone, name, type, stored);
        SetTtl(name, type, stored, ttl);
    }

    public static HttpAnswer Json(int status, Dictionary<string, object?> members) => HttpAnswer.Json(status, members);

    protected override HttpAnswer Answer(HttpCall call)
    {
        lock (_lock)
        {
            Count();
            string[] target = call.Target.Split('?');
            string[] path = [.. target[0].Split('/').Skip(1).Select(Uri.UnescapeDataString)];
            Check(call);
            HttpAnswer answer = path is ["v3", "domains", "zones", ..]
                ? new FakeGoDaddyRecords(this).Answer(call, path, Query(target))
                : new FakeGoDaddySets(this).Answer(call, Below(path), Query(target));
            return answer.With("RateLimit-Limit", "60").With("RateLimit-Remaining", $"{Remaining ?? MostInAMinute - _asked.Count}").With("RateLimit-Reset", "20");
        }
    }

    /// <summary>Whether the sender is the account, in the form of one of the interfaces.</summary>
    public bool Knows(HttpCall call, bool isThird) => isThird
        ? usesToken && call.Field("Authorization") == "Bearer " + ApiToken
        : !usesToken && call.Field("Authorization") == $"sso-key {Key}:{Secret}";

    private void Check(HttpCall call)
    {
        if (call.Field("Authorization") is not string authorization || !authorization.StartsWith(usesToken ? "Bearer " : "sso-key ", StringComparison.Ordinal))
        {
            throw new ServiceFault("no Authorization of the right scheme");
        }

        if (call.Field("Accept") != "application/json")
        {
            throw new ServiceFault("Accept is not application/json");
        }

        if (call.Field("X-Shopper-Id") != Shopper)
        {
            throw new ServiceFault($"X-Shopper-Id is '{call.Field("X-Shopper-Id")}'");
        }

        bool hasBody = call.Method is "PATCH" or "PUT" or "POST";
        if (hasBody != (call.Body.Length > 0) || (hasBody && call.Field("Content-Type") != "application/json"))
        {
            throw new ServiceFault("a body where there is none, or the other way round, or not of application/json");
        }
    }

    private string[] Below(string[] path) => Customer is null && path is ["v1", "domains", ..]
        ? [.. path.Skip(2)]
        : Customer is not null && path is ["v2", "customers", string customer, "domains", ..] && customer == Customer
            ? [.. path.Skip(4)]
            : throw new ServiceFault("no such path");

    private static Dictionary<string, string> Query(string[] target) => target.Length == 1
        ? []
        : target[1].Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));

    private void Count()
    {
        if (clock is null)
        {
            return;
        }

        DateTimeOffset now = clock.UtcNow;
        while (_asked.Count > 0 && now - _asked.Peek() >= TimeSpan.FromMinutes(1))
        {
            _asked.Dequeue();
        }

        _asked.Enqueue(now);
        if (_asked.Count > MostInAMinute)
        {
            throw new ServiceFault("more than 60 requests within a minute");
        }
    }
}
