using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;

namespace KeyManager.Tests.Support.Acme;

/// <summary>What an order may ask for: names, dates, profile.</summary>
internal sealed class OrderRequestCheck(ServerContext context)
{
    private static readonly Regex DnsName = new(@"^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant);
    private static readonly Regex Rfc3339 = new(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$", RegexOptions.CultureInvariant);

    public IReadOnlyList<ServedIdentifier> Identifiers(JsonMembers order)
    {
        List<ServedIdentifier> identifiers = [.. order.List("identifiers").Select(Read)];
        if (identifiers.Count == 0 || identifiers.Distinct().Count() != identifiers.Count)
        {
            throw ServerProblem.Malformed("An order has at least one identifier and none twice.");
        }

        return identifiers;
    }

    public AcmeProfile Profile(string? name) => name is null
        ? context.Policy.DefaultProfile
        : context.Policy.Profiles.TryGetValue(name, out AcmeProfile? profile)
            ? profile
            : throw ServerProblem.Refusal("invalidProfile", $"There is no profile '{name}'.");

    /// <summary>What is well said and refused all the same: one problem for all names, with a subproblem for each.</summary>
    public void RequireAllowed(IReadOnlyList<ServedIdentifier> identifiers, AcmeProfile profile)
    {
        int most = profile.MostNames > 0 ? Math.Min(profile.MostNames, context.Policy.MostNames) : context.Policy.MostNames;
        if (identifiers.Count > most)
        {
            throw ServerProblem.Refusal("malformed", $"An order has at most {most} names.");
        }

        var refused = identifiers.Select(identifier => (identifier, problem: Refuse(identifier))).Where(pair => pair.problem is not null).ToList();
        if (refused.Count == 0)
        {
            return;
        }

        string[] types = [.. refused.Select(pair => pair.problem!.Value.Type).Distinct()];
        ServerProblem problem = ServerProblem.Refusal(
            types.Length == 1 ? types[0] : "compound",
            refused.Count == 1 ? refused[0].problem!.Value.Detail : "Some of the identifiers are refused.",
            types.All(type => type == "caa") ? 403 : 400);
        problem.Members["subproblems"] = refused.Select(pair =>
        {
            Dictionary<string, object?> part = ServerProblem.Describe(400, pair.problem!.Value.Type, pair.problem.Value.Detail);
            part.Remove("status");
            part["identifier"] = pair.identifier.ToJson();
            return part;
        }).ToList();
        throw problem;
    }

    public (DateTimeOffset? NotBefore, DateTimeOffset? NotAfter) Dates(JsonMembers order, AcmeProfile profile)
    {
        DateTimeOffset? notBefore = Date(order, "notBefore");
        DateTimeOffset? notAfter = Date(order, "notAfter");
        if (!context.Policy.AllowsDates && (notBefore ?? notAfter) is not null)
        {
            throw ServerProblem.Refusal("malformed", "notBefore and notAfter are not served.");
        }

        DateTimeOffset start = notBefore ?? context.Now;
        return notAfter is null || (notAfter > start && notAfter - start <= profile.Validity)
            ? (notBefore, notAfter)
            : throw ServerProblem.Refusal("malformed", "notAfter is before notBefore or too far from it.");
    }

    private static ServedIdentifier Read(object? value)
    {
        JsonMembers members = JsonMembers.Of(value, "identifier", "type", "value");
        ServedIdentifier identifier = new(members.Text("type"), members.Text("value"));
        bool isWell = identifier.Type switch
        {
            "dns" => identifier.Value.Length <= 253 && DnsName.IsMatch(identifier.Value) && !IPAddress.TryParse(identifier.Value, out _),
            "ip" => IPAddress.TryParse(identifier.Value, out IPAddress? address) && address.ToString() == identifier.Value,
            _ => throw ServerProblem.Refusal("unsupportedIdentifier", $"Identifiers of type '{identifier.Type}' are not served."),
        };
        return isWell ? identifier : throw ServerProblem.Malformed($"'{identifier.Value}' is not an identifier of type '{identifier.Type}' in lower case and ASCII.");
    }

    private static DateTimeOffset? Date(JsonMembers order, string name)
    {
        string? text = order.OptionalText(name);
        return text is null
            ? null
            : Rfc3339.IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
                ? date
                : throw ServerProblem.Malformed($"'{name}' is not a date as RFC 3339 writes it.");
    }

    private (string Type, string Detail)? Refuse(ServedIdentifier identifier)
    {
        if (context.Policy.RefusedIdentifiers.TryGetValue(identifier.Value, out (string Type, string Detail) refusal))
        {
            return refusal;
        }

        return identifier.Type == "ip" && !context.Policy.AllowsIpAddresses
            ? ("unsupportedIdentifier", $"Addresses such as {identifier.Value} are not certified here.")
            : identifier.IsWildcard && !context.Policy.AllowsWildcards
                ? ("rejectedIdentifier", $"Wildcards such as {identifier.Value} are not certified here.")
                : null;
    }
}
