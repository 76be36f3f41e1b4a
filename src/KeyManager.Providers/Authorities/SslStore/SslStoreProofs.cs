using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Authorities.SslStore.Protocol;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>What an order wants proved, as challenges: files, records and mails, one for each place where something is to be published.</summary>
internal static class SslStoreProofs
{
    private const string FileFolder = "/.well-known/pki-validation/";

    private static readonly string[] Done = ["valid", "validated", "verified", "complete", "completed", "approved", "active", "success", "passed", "done"];

    /// <param name="answer">The order as the API told it.</param>
    /// <param name="order">The order here; <c>null</c> for one that was placed elsewhere.</param>
    /// <param name="record">The kind of record: Auto, Cname, Txt.</param>
    public static IReadOnlyList<Challenge> Read(OrderResource answer, CertificateOrder? order, string record)
    {
        List<Challenge> challenges = [];
        foreach (ValidationRow row in answer.Validations)
        {
            Add(challenges, OfRow(row, answer, order, record));
        }

        IReadOnlyList<DomainName> names = order?.DomainNames is { Count: > 0 } known ? known : answer.Names();
        if (names.Count > 0)
        {
            DomainName first = names[0];
            bool isOpen = !challenges.Any(c => c.DomainName == Base(first) && c.Status == ChallengeStatus.Valid);
            if (isOpen && answer.AliasName is string alias && answer.AliasValue is string target)
            {
                Add(challenges, OfRecord(order, first, alias, target, record, false));
            }

            if (isOpen && answer.FileName is string file && answer.FileContent is string content)
            {
                Add(challenges, OfFile(order, first, file, content, false));
            }
        }

        if (challenges.Count == 0 && IsByMail(answer, order))
        {
            challenges.AddRange(names.Select((n, i) => OfMail(order, n, Approver(answer, order, i), false)).Where(c => c.Location is not null)
                .GroupBy(c => c.Id).Select(g => g.First()));
        }

        return WithMarks(challenges, order);
    }

    /// <summary>What proof the order is of, as far as the answer shows.</summary>
    public static ChallengeType? TypeOf(OrderResource answer) => Read(answer, null, "Auto").Select(c => (ChallengeType?)c.Type).FirstOrDefault();

    private static Challenge? OfRow(ValidationRow row, OrderResource answer, CertificateOrder? order, string record)
    {
        if (!DomainName.TryParse(row.Domain, out DomainName name))
        {
            return null;
        }

        bool isDone = Done.Contains((row.Status ?? "").Trim(), StringComparer.OrdinalIgnoreCase);
        if (row.DnsName is not null && row.DnsEntry is not null)
        {
            return OfRecord(order, name, row.DnsName, row.DnsEntry, record, isDone);
        }

        if (row.FileName is not null && row.FileContents is not null)
        {
            return OfFile(order, name, row.FileName, row.FileContents, isDone);
        }

        bool byMail = row.Method?.IndexOf("mail", StringComparison.OrdinalIgnoreCase) >= 0 || order?.ChallengeType == ChallengeType.Email;
        int index = order is null ? 0 : Math.Max(0, order.DomainNames.ToList().FindIndex(n => n.BaseName == name.BaseName));
        return byMail ? OfMail(order, name, Approver(answer, order, index), isDone)
            : isDone ? Make(order, name, order?.ChallengeType ?? ChallengeType.DnsCname, null, null, null, true) // proved before, nothing is told of it any more
            : null;
    }

    private static Challenge OfRecord(CertificateOrder? order, DomainName name, string place, string value, string record, bool isDone)
    {
        string target = value.Trim().TrimEnd('.');
        ChallengeType type = record == "Txt" || (record == "Auto" && target.IndexOf('.') < 0) ? ChallengeType.DnsTxt : ChallengeType.DnsCname;
        return Make(order, name, type, Complete(place, name), type == ChallengeType.DnsTxt ? value.Trim() : target, null, isDone);
    }

    private static Challenge OfFile(CertificateOrder? order, DomainName name, string file, string content, bool isDone)
    {
        ChallengeType type = order?.ChallengeType == ChallengeType.HttpsFile ? ChallengeType.HttpsFile : ChallengeType.HttpFile;
        string scheme = type == ChallengeType.HttpsFile ? "https" : "http";
        string last = file.Substring(file.LastIndexOf('/') + 1);
        return Make(order, name, type, $"{scheme}://{name.BaseName}{FileFolder}{last}", content, last, isDone);
    }

    private static Challenge OfMail(CertificateOrder? order, DomainName name, string? address, bool isDone) => Make(order, name, ChallengeType.Email, address, null, null, isDone);

    private static Challenge Make(CertificateOrder? order, DomainName name, ChallengeType type, string? location, string? value, string? token, bool isDone) => new()
    {
        Id = $"{name.BaseName}/{type}",
        OrderId = order?.Id ?? "",
        DomainName = Base(name),
        Type = type,
        // It looks by itself from the moment that it has the order.
        Status = isDone ? ChallengeStatus.Valid : ChallengeStatus.Processing,
        Location = location,
        Value = value,
        Token = token,
    };

    /// <summary>Names with and without a wildcard want the same thing at the same place; the API may tell it twice, in another letter case too.</summary>
    private static void Add(List<Challenge> challenges, Challenge? challenge)
    {
        if (challenge is not null
            && !challenges.Any(c => c.Id == challenge.Id || (c.Location is not null && Same(c.Location, challenge.Location) && Same(c.Value, challenge.Value))))
        {
            challenges.Add(challenge);
        }
    }

    /// <summary>Who has published what goes on being known; what is published at a place that the API does not name any more is kept until it is taken away.</summary>
    private static IReadOnlyList<Challenge> WithMarks(List<Challenge> challenges, CertificateOrder? order)
    {
        List<Challenge> published = [.. (order?.Challenges ?? []).Where(c => c.PublishedBy is not null)];
        List<Challenge> marked = [.. challenges.Select(c => published.Find(p => IsThere(p, c)) is Challenge before ? c with { PublishedBy = before.PublishedBy, Placement = before.Placement } : c)];
        marked.AddRange(published.Where(p => !challenges.Exists(c => IsThere(p, c)))
            .Select(p => p with { Id = p.Id.StartsWith("old:", StringComparison.Ordinal) ? p.Id : $"old:{p.Location}:{p.Value}", Status = ChallengeStatus.Valid }));
        return marked;
    }

    private static bool IsThere(Challenge one, Challenge other) => one.Type == other.Type && Same(one.Location, other.Location) && one.Value == other.Value;

    private static bool IsByMail(OrderResource answer, CertificateOrder? order) => order is not null ? order.ChallengeType == ChallengeType.Email : answer.ApproverEmails.Count > 0;

    private static string? Approver(OrderResource answer, CertificateOrder? order, int index)
    {
        IReadOnlyList<string> known = answer.ApproverEmails.Count > 0 ? answer.ApproverEmails : order?.ApproverEmails ?? [];
        return known.Count == 0 ? null : known[index < known.Count ? index : known.Count - 1];
    }

    /// <summary>Some names come without the domain at their end.</summary>
    private static string Complete(string place, DomainName name)
    {
        string record = place.Trim().TrimEnd('.').ToLowerInvariant();
        string[] labels = name.BaseName.Split('.');
        string domain = string.Join(".", labels.Skip(Math.Max(0, labels.Length - 2)));
        return record.EndsWith("." + domain, StringComparison.Ordinal) ? record : $"{record}.{name.BaseName}";
    }

    private static DomainName Base(DomainName name) => name.IsWildcard ? DomainName.Parse(name.BaseName) : name;

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
