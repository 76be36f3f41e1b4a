using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Challenges;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns;

/// <summary>What one server of a zone said about a record.</summary>
/// <param name="Server">Who.</param>
/// <param name="Kind">What it means.</param>
/// <param name="Values">The values at the name; empty when there are none.</param>
/// <param name="Message">The answer in words, to stand after the server's name: "has only 'old'".</param>
/// <param name="IsFromResolver">True when it looks as if a resolver answered in the server's place.</param>
internal sealed record ServerAnswer(NameServer Server, DnsAnswerKind Kind, IReadOnlyList<string> Values, string Message, bool IsFromResolver = false)
{
    private const int Shown = 60;

    /// <summary>True when the world meets this too, so that waiting or mending is needed.</summary>
    /// <remarks>A server that is silent may be so for this machine alone, and one that does not serve the zone is passed over by every resolver.</remarks>
    public bool Blocks => Kind is DnsAnswerKind.Stale or DnsAnswerKind.Missing or DnsAnswerKind.Alias or DnsAnswerKind.Failed;

    /// <summary>An answer with the values that a server has, or does not have.</summary>
    /// <param name="server">Who.</param>
    /// <param name="found">The values at the name.</param>
    /// <param name="wanted">The values that have to be there; with none of them any value will do.</param>
    /// <param name="what">The kind of record, in words.</param>
    /// <param name="now">The time; a record may end.</param>
    public static ServerAnswer Of(NameServer server, IReadOnlyList<string> found, IReadOnlyList<string> wanted, string what, DateTimeOffset now)
    {
        if (found.Count == 0)
        {
            return new ServerAnswer(server, DnsAnswerKind.Missing, found, $"has no {what} record");
        }

        int count = wanted.Count(value => Has(found, value, now));
        string values = string.Join(", ", found.Select(Quote));
        return count == wanted.Count
            ? new ServerAnswer(server, DnsAnswerKind.Present, found, wanted.Count == 0 ? $"has {values}" : wanted.Count == 1 ? "has the value" : $"has all {count} values")
            : new ServerAnswer(server, DnsAnswerKind.Stale, found, count == 0 ? $"has only {values}" : $"has {count} of {wanted.Count} values: {values}");
    }

    /// <summary>Whether a value is among those found. For a dns-persist-01 record that is also one which says the same and more, such as when it ends.</summary>
    public static bool Has(IReadOnlyList<string> found, string wanted, DateTimeOffset now) =>
        found.Contains(wanted, StringComparer.Ordinal) || (PersistValue.TryParse(wanted) is PersistValue persistent && found.Any(f => persistent.IsCoveredBy(f, now)));

    /// <summary>A value in quotes, cut to a length that fits a line.</summary>
    public static string Quote(string text) => text.Length <= Shown ? $"'{text}'" : $"'{text.Substring(0, Shown)}...'";
}
