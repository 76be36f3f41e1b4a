using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Tests.Dns.Services;

/// <summary>
/// Route 53 and the Security Token Service, written from their documents: signatures are recomputed, elements come in the order of the model, lists begin where the request says and go
/// on page by page, a batch is taken whole or not at all, and a set is deleted by exactly what it holds.
/// </summary>
internal sealed class FakeRoute53(Clock clock) : FakeDnsService
{
    public const string AccessKey = "AKIAIOSFODNN7EXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string Role = "arn:aws:iam::123456789012:role/dns";

    private const string Namespace = "https://route53.amazonaws.com/doc/2013-04-01/";
    private const string StsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    private static readonly XNamespace Ns = Namespace;

    private static readonly string[] SetElements =
        ["Name", "Type", "SetIdentifier", "Weight", "Region", "GeoLocation", "Failover", "MultiValueAnswer", "TTL", "ResourceRecords", "AliasTarget", "HealthCheckId"];

    private readonly object _gate = new();
    private readonly List<FakeZone> _hosted = [];
    private readonly Dictionary<string, int> _pending = [];
    private int _issued;

    /// <summary>How often a change is PENDING before it is INSYNC.</summary>
    public int PendingPolls { get; set; } = 1;

    /// <summary>Keys that are known: secret, session token, end.</summary>
    public Dictionary<string, (string Secret, string? Token, DateTimeOffset? End)> Keys { get; } = new() { [AccessKey] = (Secret, null, null) };

    /// <summary>What may not be done.</summary>
    public HashSet<string> Denied { get; } = [];

    /// <summary>The region that Route 53 is signed for.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The region that the Security Token Service is signed for.</summary>
    public string StsRegion { get; set; } = "us-east-1";

    /// <summary>What the trust policy of the role asks for.</summary>
    public string? ExternalId { get; set; }

    /// <summary>The token that the identity provider issues.</summary>
    public string WebToken { get; set; } = "eyJ.header.signature";

    /// <summary>How long a session lasts whatever was asked; null for that.</summary>
    public TimeSpan? SessionLength { get; set; }

    /// <summary>What happens right before the next batches are looked at: another program's change.</summary>
    public Queue<Action> BeforeChange { get; } = new();

    /// <summary>What happens within batches: number of changes of each that was accepted.</summary>
    public List<int> Batches { get; } = [];

    /// <summary>Errors are written as a root that is called as the code.</summary>
    public bool WritesErrorsShort { get; set; }

    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>Answers in the place of the service; null lets it answer.</summary>
    public Func<HttpCall, HttpAnswer?>? Fail { get; set; }

    /// <summary>What happens to the body of each answer on its way.</summary>
    public Func<byte[], byte[]>? Damage { get; set; }

    /// <summary>The answers to so many of the next batches get lost.</summary>
    public int LoseAnswers { get; set; }

    /// <summary>An account that works with it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["AccessKeyId"] = AccessKey, ["BaseUrl"] = Url.ToString(), ["StsUrl"] = Url.ToString() };

    public IReadOnlyDictionary<string, string> Secrets => new Dictionary<string, string> { ["SecretAccessKey"] = Secret };

    public override void AddZone(string zone) => AddZone(zone, isPrivate: false);

    /// <summary>A zone; of several of one name the first public one is served.</summary>
    public string AddZone(string zone, bool isPrivate, bool isLinked = false)
    {
        lock (_gate)
        {
            string id = $"Z{_hosted.Count:D4}{new string('A', 8)}EXAMPLE";
            bool isServed = !isPrivate && !Zones.Names.Contains(zone);
            if (isServed)
            {
                Zones.AddZone(zone);
            }

            FakeZone hosted = new(id, zone, isPrivate, isLinked, isServed);
            _hosted.Add(hosted);
            hosted.Sets.Add(new FakeRecordSet(zone, "NS", null, false, null, 172800, ["ns-1.awsdns-01.test."]));
            hosted.Sets.Add(new FakeRecordSet(zone, "SOA", null, false, null, 900, ["ns-1.awsdns-01.test. hostmaster.test. 1 7200 900 1209600 86400"]));
            return id;
        }
    }

    /// <summary>Puts a set there, values as they are written.</summary>
    public void Put(string zoneId, FakeRecordSet set)
    {
        lock (_gate)
        {
            FakeZone zone = _hosted.Single(z => z.Id == zoneId);
            zone.Sets.RemoveAll(s => s.Key == set.Key);
            zone.Sets.Add(set);
            Serve(zone, set.Name, set.Type);
        }
    }

    public IReadOnlyList<FakeRecordSet> Sets(string zoneId, string name)
    {
        lock (_gate)
        {
            return [.. _hosted.Single(z => z.Id == zoneId).Sets.Where(s => s.Name == name)];
        }
    }

    /// <summary>Puts values there into the longest public zone, with a time to live that is not ours.</summary>
    public void Seed(string name, string type, params string[] values)
    {
        FakeZone zone = _hosted.Where(z => z.IsServed && (name == z.Name || name.EndsWith("." + z.Name, StringComparison.Ordinal))).OrderByDescending(z => z.Name.Length).First();
        Put(zone.Id, new FakeRecordSet(name, type, null, false, null, 300, [.. values.Select(v => type == "TXT" ? "\"" + v.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"" : v + ".")]));
    }

    public override void Throttle(int times) => Next(times, _ => Error(400, "Throttling", "Rate exceeded"));

    /// <summary>The answer for an error.</summary>
    public HttpAnswer Error(int status, string code, string message) => Answered(status, WritesErrorsShort
        ? $"<{code} xmlns=\"{Namespace}\"><Messages><Message>{Escape(message)}</Message></Messages><RequestId>1</RequestId></{code}>"
        : $"<?xml version=\"1.0\"?><ErrorResponse xmlns=\"{Namespace}\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{Escape(message)}</Message></Error><RequestId>1</RequestId></ErrorResponse>");

    protected override HttpAnswer Answer(HttpCall call)
    {
        HttpAnswer answer = Fail?.Invoke(call) ?? AnswerTruly(call);
        if (call.Method == "POST" && LoseAnswers > 0)
        {
            LoseAnswers--;
            return HttpAnswer.Drop();
        }

        return Damage is null ? answer : answer.WithBody(Damage(answer.Body));
    }

    private HttpAnswer AnswerTruly(HttpCall call)
    {
        string[] parts = call.Target.Split(['?'], 2);
        Dictionary<string, string> query = parts.Length == 1 ? [] : Parse(parts[1], isForm: false);
        lock (_gate)
        {
            try
            {
                if (parts[0] == "/")
                {
                    return Sts(call);
                }

                AwsSignature.Check(call, Keys, clock.UtcNow + Ahead, Region, "route53");
                string[] path = parts[0].Split('/');
                return (call.Method, path) switch
                {
                    ("GET", ["", "2013-04-01", "hostedzone"]) => ListZones(query),
                    ("GET", ["", "2013-04-01", "hostedzone", var id, "rrset"]) => ListSets(Hosted(id), query),
                    ("POST", ["", "2013-04-01", "hostedzone", var id, "rrset", ""]) => Change(Hosted(id), call, query),
                    ("GET", ["", "2013-04-01", "change", var id]) => GetChange(id, query),
                    _ => throw new ServiceFault("no such operation"),
                };
            }
            catch (AwsRefusal refusal)
            {
                return Error(refusal.Status, refusal.Code, refusal.Message);
            }
        }
    }

    private static string Escape(string text) => new XText(text).ToString();

    private HttpAnswer Answered(int status, string body) => new HttpAnswer(status)
        .With("Content-Type", "text/xml").With("x-amzn-RequestId", "1").With("Date", (clock.UtcNow + Ahead).ToString("r", CultureInfo.InvariantCulture)).WithBody(body);

    private static Dictionary<string, string> Parse(string text, bool isForm)
    {
        Dictionary<string, string> fields = [];
        foreach (string pair in text.Split('&'))
        {
            string[] sides = pair.Split('=');
            if (sides.Length != 2 || pair.IndexOfAny(['+', '*', '(', ')', '!', '\'']) >= 0 || (!isForm && pair.Contains("\\")))
            {
                throw new ServiceFault($"'{pair}' is not encoded");
            }

            fields.Add(Uri.UnescapeDataString(sides[0]), Uri.UnescapeDataString(sides[1]));
        }

        return fields;
    }

    private static string? Take(Dictionary<string, string> query, string name)
    {
        string? value = query.TryGetValue(name, out string? found) ? found : null;
        query.Remove(name);
        return value;
    }

    private static int Page(Dictionary<string, string> query, int most) =>
        Take(query, "maxitems") is not string text ? most : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is int n && n > 0 && n <= most ? n : throw new ServiceFault("maxitems");

    private static void NoMore(Dictionary<string, string> query)
    {
        if (query.Count > 0)
        {
            throw new ServiceFault($"unknown parameter {query.Keys.First()}");
        }
    }

    private void Allow(string action, string resource)
    {
        if (Denied.Contains(action))
        {
            throw new AwsRefusal(403, "AccessDenied", $"User: arn:aws:iam::123456789012:user/dns is not authorized to perform: route53:{action} on resource: {resource}");
        }
    }

    private FakeZone Hosted(string id) => _hosted.Find(z => z.Id == id) ?? throw new AwsRefusal(404, "NoSuchHostedZone", $"No hosted zone found with ID: {id}");

    private HttpAnswer ListZones(Dictionary<string, string> query)
    {
        Allow("ListHostedZones", "*");
        int page = Page(query, 100);
        string? marker = Take(query, "marker");
        NoMore(query);
        int start = marker is null ? 0 : _hosted.FindIndex(z => z.Id == marker) is int i && i >= 0 ? i : throw new AwsRefusal(400, "InvalidInput", "marker");
        bool isTruncated = start + page < _hosted.Count;
        return Answered(200, new XElement(
            Ns + "ListHostedZonesResponse",
            new XElement(Ns + "HostedZones", _hosted.Skip(start).Take(page).Select(z => new XElement(
                Ns + "HostedZone",
                new XElement(Ns + "Id", "/hostedzone/" + z.Id),
                new XElement(Ns + "Name", WriteName(z.Name)),
                new XElement(Ns + "CallerReference", "ref"),
                z.IsPrivate ? new XElement(Ns + "Config", new XElement(Ns + "PrivateZone", "true")) : null,
                new XElement(Ns + "ResourceRecordSetCount", z.Sets.Count),
                z.IsLinked ? new XElement(Ns + "LinkedService", new XElement(Ns + "ServicePrincipal", "servicediscovery.amazonaws.com")) : null))),
            marker is null ? null : new XElement(Ns + "Marker", marker),
            new XElement(Ns + "IsTruncated", isTruncated ? "true" : "false"),
            isTruncated ? new XElement(Ns + "NextMarker", _hosted[start + page].Id) : null,
            new XElement(Ns + "MaxItems", page)).ToString());
    }

    private HttpAnswer ListSets(FakeZone zone, Dictionary<string, string> query)
    {
        Allow("ListResourceRecordSets", "arn:aws:route53:::hostedzone/" + zone.Id);
        int page = Page(query, 300);
        string? name = Take(query, "name") is string n ? ReadName(n) : null;
        string? type = Take(query, "type");
        string? identifier = Take(query, "identifier");
        NoMore(query);
        if ((type is not null && name is null) || (identifier is not null && type is null))
        {
            throw new AwsRefusal(400, "InvalidInput", "name");
        }

        List<FakeRecordSet> sets =
        [
            .. zone.Sets.OrderBy(s => Reversed(s.Name), StringComparer.Ordinal).ThenBy(s => s.Type, StringComparer.Ordinal).ThenBy(s => s.Identifier ?? "", StringComparer.Ordinal).SkipWhile(s =>
            {
                int byName = name is null ? 0 : string.CompareOrdinal(Reversed(s.Name), Reversed(name));
                int byType = type is null || byName != 0 ? byName : string.CompareOrdinal(s.Type, type);
                return (identifier is null || byType != 0 ? byType : string.CompareOrdinal(s.Identifier ?? "", identifier)) < 0;
            }),
        ];
        FakeRecordSet? next = sets.Count > page ? sets[page] : null;
        return Answered(200, new XElement(
            Ns + "ListResourceRecordSetsResponse",
            new XElement(Ns + "ResourceRecordSets", sets.Take(page).Select(s => s.ToXml(Ns, WriteName(s.Name)))),
            new XElement(Ns + "IsTruncated", next is null ? "false" : "true"),
            next is null ? null : new XElement(Ns + "NextRecordName", WriteName(next.Name)),
            next is null ? null : new XElement(Ns + "NextRecordType", next.Type),
            next?.Identifier is null ? null : new XElement(Ns + "NextRecordIdentifier", next.Identifier),
            new XElement(Ns + "MaxItems", page)).ToString(SaveOptions.DisableFormatting));
    }

    private HttpAnswer GetChange(string id, Dictionary<string, string> query)
    {
        Allow("GetChange", "arn:aws:route53:::change/" + id);
        NoMore(query);
        if (!_pending.TryGetValue(id, out int left))
        {
            throw new AwsRefusal(404, "NoSuchChange", $"Could not find resource with ID: {id}");
        }

        _pending[id] = left - 1;
        return Answered(200, ChangeInfo("GetChangeResponse", id, left > 0 ? "PENDING" : "INSYNC"));
    }

    private static string ChangeInfo(string root, string id, string status) =>
        $"<{root} xmlns=\"{Namespace}\"><ChangeInfo><Id>/change/{id}</Id><Status>{status}</Status><SubmittedAt>2026-01-02T03:04:05.678Z</SubmittedAt></ChangeInfo></{root}>";

    private HttpAnswer Change(FakeZone zone, HttpCall call, Dictionary<string, string> query)
    {
        Allow("ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/" + zone.Id);
        NoMore(query);
        if (call.Field("Content-Type") != "application/xml")
        {
            throw new ServiceFault($"Content-Type is {call.Field("Content-Type")}");
        }

        if (BeforeChange.Count > 0)
        {
            BeforeChange.Dequeue()();
        }

        XElement root = XElement.Parse(Encoding.UTF8.GetString(call.Body));
        if (root.DescendantsAndSelf().FirstOrDefault(e => e.Name.NamespaceName != Namespace) is XElement foreign || root.Name.LocalName != "ChangeResourceRecordSetsRequest")
        {
            throw new ServiceFault("an element outside of the namespace, or another root");
        }

        XElement batch = Children(root, ["ChangeBatch"], 1)["ChangeBatch"];
        Dictionary<string, XElement> parts = Children(batch, ["Comment", "Changes"], 1);
        List<(string Action, FakeRecordSet Set)> changes = [.. parts["Changes"].Elements().Select(ReadChange)];
        if (changes.Count == 0 || parts["Comment"].Value.Length > 256)
        {
            throw new ServiceFault("no changes, or a long comment");
        }

        int weight = changes.Sum(c => c.Set.Values.Count * (c.Action == "UPSERT" ? 2 : 1));
        int characters = changes.Sum(c => c.Set.Values.Sum(v => v.Length) * (c.Action == "UPSERT" ? 2 : 1));
        if (weight > 1000 || characters > 32000)
        {
            throw new ServiceFault($"{weight} records and {characters} characters in one request");
        }

        List<FakeRecordSet> sets = [.. zone.Sets];
        List<string> problems = [.. changes.Select(c => Apply(zone, sets, c.Action, c.Set)).Where(p => p is not null).Select(p => p!)];
        if (problems.Count > 0)
        {
            throw new AwsRefusal(400, "InvalidChangeBatch", $"[{string.Join(", ", problems)}]");
        }

        zone.Sets.Clear();
        zone.Sets.AddRange(sets);
        changes.ForEach(c => Serve(zone, c.Set.Name, c.Set.Type));
        Batches.Add(changes.Count);
        string id = $"C{_pending.Count:D10}ABCDEFGHIJ";
        _pending.Add(id, PendingPolls);
        return Answered(200, ChangeInfo("ChangeResourceRecordSetsResponse", id, "PENDING"));
    }

    private static Dictionary<string, XElement> Children(XElement parent, string[] order, int atLeast)
    {
        List<int> places = [.. parent.Elements().Select(e => Array.IndexOf(order, e.Name.LocalName))];
        bool isRight = !places.Contains(-1) && places.Count >= atLeast && places.Zip(places.Skip(1), (a, b) => a < b).All(x => x) && !parent.Nodes().OfType<XText>().Any();
        return isRight ? parent.Elements().ToDictionary(e => e.Name.LocalName) : throw new ServiceFault($"{parent.Name.LocalName}: elements or their order");
    }

    private static (string Action, FakeRecordSet Set) ReadChange(XElement element)
    {
        Dictionary<string, XElement> change = element.Name.LocalName == "Change" ? Children(element, ["Action", "ResourceRecordSet"], 2) : throw new ServiceFault(element.Name.LocalName);
        string action = change["Action"].Value is "CREATE" or "DELETE" or "UPSERT" ? change["Action"].Value : throw new ServiceFault("Action");
        Dictionary<string, XElement> set = Children(change["ResourceRecordSet"], SetElements, 3);
        bool isAlias = set.ContainsKey("AliasTarget");
        List<string> values = isAlias ? [] : [.. set["ResourceRecords"].Elements().Select(r => r.Name.LocalName == "ResourceRecord" ? Children(r, ["Value"], 1)["Value"].Value : throw new ServiceFault("ResourceRecord"))];
        if ((values.Count == 0 && !isAlias) || set.ContainsKey("TTL") == isAlias || values.Exists(v => v.Length > 4000))
        {
            throw new ServiceFault("no values, no TTL, or a value that is too long");
        }

        return (action, new FakeRecordSet(
            ReadName(set["Name"].Value), set["Type"].Value, set.TryGetValue("SetIdentifier", out XElement? i) ? i.Value : null, set.TryGetValue("MultiValueAnswer", out XElement? m) && m.Value == "true",
            set.TryGetValue("Weight", out XElement? w) ? w.Value : null, isAlias ? -1 : int.Parse(set["TTL"].Value, NumberStyles.None, CultureInfo.InvariantCulture), values));
    }

    private static string? Apply(FakeZone zone, List<FakeRecordSet> sets, string action, FakeRecordSet set)
    {
        string what = $"resource record set [name='{WriteName(set.Name)}', type='{set.Type}'{(set.Identifier is null ? "" : $", set identifier='{set.Identifier}'")}]";
        FakeRecordSet? there = sets.Find(s => s.Key == set.Key);
        if (set.Name != zone.Name && !set.Name.EndsWith("." + zone.Name, StringComparison.Ordinal))
        {
            return $"RRSet with DNS name {WriteName(set.Name)} is not permitted in zone {zone.Name}.";
        }

        if (action == "DELETE")
        {
            if (there is null)
            {
                return $"Tried to delete {what} but it was not found";
            }

            if (!there.Matches(set))
            {
                return $"Tried to delete {what} but the values provided do not match the current values";
            }

            sets.Remove(there);
            return null;
        }

        if (action == "CREATE" && there is not null)
        {
            return $"Tried to create {what} but it already exists";
        }

        if (set.Type == "TXT" && set.Values.FirstOrDefault(v => !Regex.IsMatch(v, @"^""([^""\\]|\\.)*""( ""([^""\\]|\\.)*"")*$")) is string bare)
        {
            return $"Invalid Resource Record: FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with '{bare}'";
        }

        if (set.Type == "TXT" && set.Values.Any(v => Regex.Matches(v, @"""((?:[^""\\]|\\[0-7]{3}|\\.)*)""").Cast<Match>().Any(m => Regex.Matches(m.Groups[1].Value, @"\\[0-7]{3}|\\.|.").Count > 255)))
        {
            return "Invalid Resource Record: FATAL problem: CharacterStringTooLong";
        }

        if (set.Values.Distinct(StringComparer.Ordinal).Count() != set.Values.Count)
        {
            return "Duplicate Resource Record";
        }

        if (set.Values.Count > 400)
        {
            return "Number of records in the set is over the limit";
        }

        if (sets.Exists(s => s.Name == set.Name && s.Type == set.Type && s.Identifier is null != set.Identifier is null))
        {
            return $"RRSet with DNS name {WriteName(set.Name)}, type {set.Type} cannot be created because a {(set.Identifier is null ? "" : "non ")}multivalue answer rrset exists with the same name and type.";
        }

        if (set.Type != "CNAME" && sets.Exists(s => s.Name == set.Name && s.Type == "CNAME"))
        {
            return $"RRSet of type {set.Type} with DNS name {WriteName(set.Name)} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone {zone.Name}.";
        }

        if (set.Type == "CNAME" && sets.Exists(s => s.Name == set.Name && s.Type != "CNAME"))
        {
            return $"RRSet of type CNAME with DNS name {WriteName(set.Name)} is not permitted as it conflicts with other records with the same DNS name in zone {zone.Name}.";
        }

        sets.RemoveAll(s => s.Key == set.Key);
        sets.Add(set);
        return null;
    }

    private HttpAnswer Sts(HttpCall call)
    {
        if (call.Method != "POST" || call.Field("Content-Type") != "application/x-www-form-urlencoded; charset=utf-8")
        {
            throw new ServiceFault("STS takes a form");
        }

        Dictionary<string, string> form = Parse(Encoding.ASCII.GetString(call.Body), isForm: true);
        string action = Take(form, "Action") ?? "";
        bool isWeb = action == "AssumeRoleWithWebIdentity";
        if (Take(form, "Version") != "2011-06-15" || (!isWeb && action != "AssumeRole") || (isWeb && call.Field("Authorization") is not null))
        {
            throw new ServiceFault("Action, Version, or a signature where none belongs");
        }

        if (!isWeb)
        {
            AwsSignature.Check(call, Keys, clock.UtcNow + Ahead, StsRegion, "sts");
        }

        string? role = Take(form, "RoleArn");
        string? session = Take(form, "RoleSessionName");
        int seconds = int.Parse(Take(form, "DurationSeconds") ?? "3600", NumberStyles.None, CultureInfo.InvariantCulture);
        string? external = Take(form, "ExternalId");
        string? token = Take(form, "WebIdentityToken");
        NoMore(form);
        if (session is null || !Regex.IsMatch(session, @"^[\w+=,.@-]{2,64}$") || seconds is < 900 or > 43200 || (isWeb && external is not null) || isWeb != token is not null)
        {
            throw new ServiceFault("RoleSessionName, DurationSeconds, ExternalId or WebIdentityToken");
        }

        if (isWeb && token != WebToken)
        {
            throw new AwsRefusal(400, "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider");
        }

        if (role != Role || external != ExternalId)
        {
            throw new AwsRefusal(403, "AccessDenied", $"User is not authorized to perform: sts:{action} on resource: {role}");
        }

        string id = $"ASIA{++_issued:D12}TEST";
        DateTimeOffset end = clock.UtcNow + (SessionLength ?? TimeSpan.FromSeconds(seconds));
        Keys[id] = ($"issued/{_issued}+secret", $"FwoG//session+{_issued}==", end);
        return Answered(200,
            $"<{action}Response xmlns=\"{StsNamespace}\"><{action}Result><Credentials><AccessKeyId>{id}</AccessKeyId><SecretAccessKey>{Keys[id].Secret}</SecretAccessKey><SessionToken>{Keys[id].Token}</SessionToken>"
            + $"<Expiration>{end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}</Expiration></Credentials></{action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{action}Response>");
    }

    private void Serve(FakeZone zone, string name, string type)
    {
        if (zone.IsServed)
        {
            Zones.Set(zone.Name, name, type, zone.Sets.Where(s => s.Name == name && s.Type == type).SelectMany(s => s.Values).Select(v => type == "TXT" ? Unquote(v) : v.TrimEnd('.')));
        }
    }

    // By the grammar of the Developer Guide: strings in quotes, \" and \\, octal escapes.
    private static string Unquote(string value) => Encoding.UTF8.GetString([.. Regex.Matches(value, @"""((?:[^""\\]|\\.)*)""").Cast<Match>()
        .SelectMany(s => Regex.Matches(s.Groups[1].Value, @"\\([0-7]{3})|\\(.)|(.)").Cast<Match>())
        .SelectMany(c => c.Groups[1].Success ? [Convert.ToByte(c.Groups[1].Value, 8)] : Encoding.UTF8.GetBytes(c.Groups[2].Success ? c.Groups[2].Value : c.Groups[3].Value))]);

    private static string WriteName(string name) => Regex.Replace(name, @"[^a-z0-9_.\-]", m => "\\" + Convert.ToString(m.Value[0], 8).PadLeft(3, '0')) + ".";

    private static string ReadName(string name) => Regex.Replace(name.TrimEnd('.').ToLowerInvariant(), @"\\([0-7]{3})", m => ((char)Convert.ToInt32(m.Groups[1].Value, 8)).ToString());

    private static string Reversed(string name) => string.Join(".", Enumerable.Reverse(name.Split('.'))) + ".";
}
