using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>
/// A server of acme-dns with one registration made before. It behaves as its code does: two values for each registration, a new one goes where the oldest is, and that is told by whole
/// seconds; of two from the same second the first in the table counts as the oldest.
/// </summary>
internal sealed class FakeAcmeDns : FakeDnsService
{
    public const string Username = "c36f50e8-4632-44f0-83fe-e070fef28a10";
    public const string Password = "htB9mR9DYgcu9bX_afHF62erXaH2TS7bg9KW3F7Z";
    public const string Subdomain = "8e5700ea-a4bf-41c7-8a77-e990661dcc6a";
    public const string Domain = "auth.contoso.test";
    public const string FullDomain = Subdomain + "." + Domain;

    private readonly Clock? _clock;
    private readonly object _lock = new();
    private readonly Dictionary<string, Registered> _registered = [];
    private long _changes;

    /// <param name="clock">The server's time; <c>null</c> takes one that goes on by a second with each change.</param>
    public FakeAcmeDns(Clock? clock = null)
    {
        _clock = clock;
        Zones.AddZone(Domain);
        _registered.Add(Username, new Registered(Password, Subdomain));
    }

    /// <summary>Whether anybody may register.</summary>
    public bool TakesRegistrations { get; set; } = true;

    /// <summary>The value whose next change is made and not answered.</summary>
    public string? LosesAnswerOf { get; set; }

    /// <summary>The networks of the last registration.</summary>
    public IReadOnlyList<string> AllowFrom { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["BaseUrl"] = Url.AbsoluteUri, ["Username"] = Username, ["Subdomain"] = Subdomain, ["FullDomain"] = FullDomain };

    public IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string> { ["Password"] = Password };

    /// <summary>What a registration shows.</summary>
    public IReadOnlyList<string> Values(string fullDomain) => [.. Zones.Values(fullDomain, "TXT").OrderBy(v => v, StringComparer.Ordinal)];

    protected override HttpAnswer Answer(HttpCall call)
    {
        lock (_lock)
        {
            return (call.Method, call.Target) switch
            {
                ("POST", "/register") => TakesRegistrations ? Register(call) : new HttpAnswer(404).With("Content-Type", "text/plain").WithBody("404 page not found"),
                ("POST", "/update") => Update(call),
                _ => throw new ServiceFault("there is nothing else to ask for"),
            };
        }
    }

    private static HttpAnswer Error(int status, string error) => HttpAnswer.Json(status, new Dictionary<string, object?> { ["error"] = error });

    private HttpAnswer Register(HttpCall call)
    {
        AllowFrom = call.Body.Length == 0 ? [] : JsonMembers.Parse(call.Body, "registration", "allowfrom").Texts("allowfrom");
        if (AllowFrom.Any(network => !Regex.IsMatch(network, "^[0-9a-fA-F.:]+/[0-9]{1,3}$")))
        {
            return Error(400, "invalid_allowfrom_cidr");
        }

        (string user, Registered made) = (Guid.NewGuid().ToString(), new Registered(Guid.NewGuid().ToString("N") + "-_ABCxyz", Guid.NewGuid().ToString()));
        _registered.Add(user, made);
        return HttpAnswer.Json(201, new Dictionary<string, object?>
        {
            ["username"] = user,
            ["password"] = made.Password,
            ["fulldomain"] = $"{made.Subdomain}.{Domain}",
            ["subdomain"] = made.Subdomain,
            ["allowfrom"] = AllowFrom,
        });
    }

    private HttpAnswer Update(HttpCall call)
    {
        if (call.Field("Content-Type") != "application/json" || call.Field("X-Api-User") is not string user || call.Field("X-Api-Key") is not string key)
        {
            throw new ServiceFault("no JSON, or no user and key");
        }

        JsonMembers members = JsonMembers.Parse(call.Body, "update", "subdomain", "txt");
        if (!_registered.TryGetValue(user, out Registered? registered) || registered.Password != key || registered.Subdomain != members.Text("subdomain"))
        {
            return Error(401, "forbidden");
        }

        string text = members.Text("txt");
        if (!Regex.IsMatch(text, "^[A-Za-z0-9_-]{43}$"))
        {
            return Error(400, "bad_txt");
        }

        long second = _clock?.UtcNow.ToUnixTimeSeconds() ?? ++_changes;
        int oldest = registered.Seconds[0] <= registered.Seconds[1] ? 0 : 1;
        (registered.Values[oldest], registered.Seconds[oldest]) = (text, second);
        Zones.Set(Domain, $"{registered.Subdomain}.{Domain}", "TXT", registered.Values.Where(v => v.Length > 0));
        if (text == LosesAnswerOf)
        {
            LosesAnswerOf = null;
            return HttpAnswer.Drop();
        }

        return new HttpAnswer(200).With("Content-Type", "application/json").WithBody($"{{\"txt\": \"{text}\"}}");
    }

    private sealed record Registered(string Password, string Subdomain)
    {
        public string[] Values { get; } = ["", ""];

        public long[] Seconds { get; } = [0, 0];
    }
}
