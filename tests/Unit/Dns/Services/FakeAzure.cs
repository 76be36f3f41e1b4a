using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>
/// Azure Resource Manager with its public DNS zones (Microsoft.Network/dnsZones 2018-05-01), Microsoft Entra ID beside it and the places where managed identities are had, all on one port.
/// </summary>
internal sealed class FakeAzure : FakeDnsService
{
    public const string Subscription = "aaaaaaaa-0000-4000-8000-000000000001";
    public const string ResourceGroup = "dns-rg";

    private const string Version = "2018-05-01";

    private static readonly Regex ZoneList = new(
        "^/subscriptions/(?<subscription>[^/]+)(/resourceGroups/(?<group>[^/]+))?/providers/Microsoft.Network/dnsZones$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex Set = new(
        "^/subscriptions/(?<subscription>[^/]+)/resourceGroups/(?<group>[^/]+)/providers/Microsoft.Network/dnsZones/(?<zone>[^/]+)/(?<type>TXT|CNAME)/(?<name>[A-Za-z0-9_*@.-]+)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private readonly List<FakeAzureZone> _zones = [];
    private readonly FakeAzureRecords _records;
    private readonly Func<DateTimeOffset> _now;

    /// <param name="now">The time there.</param>
    public FakeAzure(Func<DateTimeOffset> now)
    {
        _now = now;
        Entra = new FakeEntra(now, () => Url);
        Identities = new FakeIdentities(Entra, now);
        _records = new FakeAzureRecords(Zones);
    }

    public FakeEntra Entra { get; }

    public FakeIdentities Identities { get; }

    /// <summary>Settings of an account that works.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["TenantId"] = FakeEntra.Tenant,
        ["ClientId"] = FakeEntra.Client,
        ["SubscriptionId"] = Subscription,
        ["BaseUrl"] = Url.AbsoluteUri,
        ["AuthorityUrl"] = Url.AbsoluteUri,
    };

    /// <summary>Its secrets.</summary>
    public IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string> { ["ClientSecret"] = FakeEntra.Secret };

    /// <summary>Requests for record sets.</summary>
    public int RecordRequests => Calls.Count(c => Set.IsMatch(c.Target.Split('?')[0]));

    /// <summary>Zones at once, whatever is asked for.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>Where the next page is said to be; <c>null</c> for here.</summary>
    public string? NextPageHost { get; set; }

    /// <summary>What is forbidden, as the end of an action such as "dnsZones/read" or "TXT/write".</summary>
    public HashSet<string> Denied { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>CanNotDelete or ReadOnly; <c>null</c> for no lock.</summary>
    public string? Lock { get; set; }

    /// <summary>Where a lock lies, or a member of a public set is missing.</summary>
    public FakeAzureRecords Records => _records;

    public override void AddZone(string zone) => AddZone(zone, Subscription, ResourceGroup);

    /// <summary>A zone somewhere else, or of another kind.</summary>
    public FakeAzureZone AddZone(string zone, string subscription, string group, string? kind = "Public")
    {
        if (!Zones.Names.Contains(zone))
        {
            Zones.AddZone(zone);
        }

        FakeAzureZone made = new(zone, subscription, group, kind, $"ns1-{_zones.Count:00}.azure-dns.test.");
        lock (_zones)
        {
            _zones.Add(made);
        }

        return made;
    }

    public void RemoveZone(string zone)
    {
        lock (_zones)
        {
            _zones.RemoveAll(z => z.Name == zone);
        }
    }

    /// <summary>Puts values there, past the rules.</summary>
    public void Seed(string name, string type, params string[] values) => _records.Seed(Zones.TryOf(name)!, name, type, values);

    protected override HttpAnswer Answer(HttpCall call)
    {
        string path = call.Target.Split('?')[0];
        if (path.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal))
        {
            return Entra.Answer(call);
        }

        return path.StartsWith("/identity/", StringComparison.Ordinal) ? Identities.Answer(call) : Manage(call, path);
    }

    /// <summary>Query parameters, decoded; each once.</summary>
    public static Dictionary<string, string> Query(HttpCall call)
    {
        string[] halves = call.Target.Split(['?'], 2);
        Dictionary<string, string> query = new(StringComparer.Ordinal);
        foreach (string pair in halves.Length == 2 ? halves[1].Split('&') : [])
        {
            string[] parts = pair.Split(['='], 2);
            query.Add(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]));
        }

        return query;
    }

    /// <summary>An error in the wrapper of Azure Resource Manager.</summary>
    public static HttpAnswer Error(int status, string code, string message) => HttpAnswer.Json(
        status, new Dictionary<string, object?> { ["error"] = new Dictionary<string, object?> { ["code"] = code, ["message"] = message } }).With("x-ms-correlation-request-id", "request-17");

    /// <summary>An error as the DNS behind it writes them.</summary>
    public static HttpAnswer Bare(int status, string code, string message) => HttpAnswer.Json(status, new Dictionary<string, object?> { ["code"] = code, ["message"] = message });

    private HttpAnswer Manage(HttpCall call, string path)
    {
        string bearer = call.Field("Authorization") ?? throw new ServiceFault("No Authorization.");
        if (!bearer.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            throw new ServiceFault("Authorization is no bearer token.");
        }

        if (Entra.Refuse(bearer.Substring("Bearer ".Length)) is HttpAnswer refused)
        {
            return refused;
        }

        Dictionary<string, string> query = Query(call);
        if (!query.TryGetValue("api-version", out string? version) || version != Version)
        {
            throw new ServiceFault("api-version is not one of public zones.");
        }

        return ZoneList.Match(path) is { Success: true } list ? ListZones(call, query, Part(list, "subscription"), list.Groups["group"].Success ? Part(list, "group") : null)
            : Set.Match(path) is { Success: true } set ? ChangeSet(call, query, set)
            : throw new ServiceFault("There is no such path.");
    }

    private HttpAnswer ListZones(HttpCall call, Dictionary<string, string> query, string subscription, string? group)
    {
        Only(call, "GET");
        if (query.Keys.Except(["api-version", "$top", "$skipToken"]).Any())
        {
            throw new ServiceFault("Unknown parameter of the list.");
        }

        int top = query.TryGetValue("$top", out string? wanted) ? int.Parse(wanted, CultureInfo.InvariantCulture) : 100;
        if (top is < 1 or > 100)
        {
            throw new ServiceFault("$top is 1 to 100.");
        }

        if (Missing(subscription, group) is HttpAnswer missing)
        {
            return missing;
        }

        if (Deny("dnsZones/read", $"/subscriptions/{subscription}") is HttpAnswer denied)
        {
            return denied;
        }

        List<FakeAzureZone> all;
        lock (_zones)
        {
            all = [.. _zones.Where(z => Same(z.Subscription, subscription) && (group is null || Same(z.Group, group)))];
        }

        int start = query.TryGetValue("$skipToken", out string? skip) ? int.Parse(skip.Substring("eyJ+".Length), CultureInfo.InvariantCulture) : 0;
        int count = Math.Min(top, PageSize);
        Dictionary<string, object?> answer = new() { ["value"] = all.Skip(start).Take(count).Select(z => z.ToJson()).ToList() };
        if (start + count < all.Count)
        {
            string here = NextPageHost ?? Url.GetLeftPart(UriPartial.Authority);
            answer["nextLink"] = $"{here}{call.Target.Split('?')[0]}?$top={top}&api-version={Version}&$skipToken=eyJ%2B{start + count}";
        }

        return HttpAnswer.Json(200, answer);
    }

    private HttpAnswer ChangeSet(HttpCall call, Dictionary<string, string> query, Match set)
    {
        Only(call, "GET", "PUT", "DELETE");
        if (query.Count != 1)
        {
            throw new ServiceFault("Unknown parameter of a record set.");
        }

        string zone = Part(set, "zone");
        string group = Part(set, "group");
        if (Missing(Part(set, "subscription"), group) is HttpAnswer missing)
        {
            return missing;
        }

        FakeAzureZone? found;
        lock (_zones)
        {
            found = _zones.FirstOrDefault(z => Same(z.Name, zone) && Same(z.Group, group) && Same(z.Subscription, Part(set, "subscription")));
        }

        if (found is null)
        {
            return Error(404, "ResourceNotFound", $"The Resource 'Microsoft.Network/dnszones/{zone}' under resource group '{group}' was not found.");
        }

        string type = Part(set, "type").ToUpperInvariant();
        string action = $"{type}/{call.Method switch { "GET" => "read", "PUT" => "write", _ => "delete" }}";
        return Deny(action, found.Id) ?? _records.Answer(call, found, type, Part(set, "name"), Lock);
    }

    private HttpAnswer? Missing(string subscription, string? group)
    {
        lock (_zones)
        {
            return !Same(subscription, Subscription) && !_zones.Any(z => Same(z.Subscription, subscription))
                ? Error(404, "SubscriptionNotFound", $"The subscription '{subscription}' could not be found.")
                : group is not null && !Same(group, ResourceGroup) && !_zones.Any(z => Same(z.Group, group))
                    ? Error(404, "ResourceGroupNotFound", $"Resource group '{group}' could not be found.")
                    : null;
        }
    }

    private HttpAnswer? Deny(string action, string scope) => Denied.Contains(action)
        ? Error(403, "AuthorizationFailed", $"The client 'x' with object id 'y' does not have authorization to perform action 'Microsoft.Network/{action}' over scope '{scope}' or the scope is invalid.")
        : null;

    private static void Only(HttpCall call, params string[] methods)
    {
        if (!methods.Contains(call.Method))
        {
            throw new ServiceFault("Wrong method.");
        }

        if (call.Method != "PUT" && call.Body.Length > 0)
        {
            throw new ServiceFault("A body where none belongs.");
        }
    }

    private static string Part(Match match, string name) => Uri.UnescapeDataString(match.Groups[name].Value);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
