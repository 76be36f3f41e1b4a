using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Challenges.Waiting;

/// <summary>Says what a record that cannot be seen looks like: where it may have gone, and who has to do something.</summary>
internal sealed class RecordHints(ZoneWitness witness)
{
    /// <summary>The pattern in a sentence or two; empty when it looks like nothing in particular.</summary>
    public async Task<string> FindAsync(ProofSight sight, CancellationToken cancellationToken)
    {
        if (sight.IsFile)
        {
            return "";
        }

        if (sight.IsServed || sight.Options.Resolver is not null)
        {
            return await OfResolversAsync(sight, cancellationToken).ConfigureAwait(false);
        }

        if (sight.Zone is not DnsZone zone)
        {
            return "No server of its zone was found: check the name, and that the DNS server of this machine knows the zone (-Resolver names another one).";
        }

        IReadOnlyList<ServerAnswer> answers = sight.Answers;
        if (answers.FirstOrDefault(a => a.Kind == DnsAnswerKind.Stale && Stored(a, sight) is not null) is ServerAnswer bent)
        {
            return $"The value is stored as {Stored(bent, sight)}: whoever wrote it must leave out the quotes and blanks.";
        }

        if (answers.Any(a => a.Kind == DnsAnswerKind.Alias))
        {
            return "The alias has come or changed meanwhile: the record has to be where it leads.";
        }

        if (answers.Count > 0 && answers.All(a => a.IsFromResolver))
        {
            return "All answers look like a resolver's: something between here and the servers answers in their place (a router, a firewall). Name a resolver with -Resolver, or None.";
        }

        List<ServerAnswer> lacking = [.. answers.Where(a => a.Kind is DnsAnswerKind.Missing or DnsAnswerKind.Stale)];
        if (lacking.Count > 0 && answers.Any(a => a.Kind == DnsAnswerKind.Present))
        {
            return await OfCopiesAsync(zone, answers, cancellationToken).ConfigureAwait(false);
        }

        return lacking.Count > 0 && lacking.All(a => a.Kind == DnsAnswerKind.Missing)
            ? await OfOtherPlacesAsync(sight, zone, lacking[0].Server, cancellationToken).ConfigureAwait(false)
            : "";
    }

    private static string? Stored(ServerAnswer answer, ProofSight sight) => answer.Values.FirstOrDefault(v => !sight.Values.Contains(v) && sight.Values.Contains(v.Trim().Trim('"').Trim()));

    /// <summary>Some have it: the others are copies that lag behind, or are not told.</summary>
    private async Task<string> OfCopiesAsync(DnsZone zone, IReadOnlyList<ServerAnswer> answers, CancellationToken cancellationToken)
    {
        long?[] serials = await Task.WhenAll(answers.Select(a => witness.SerialAsync(zone.Name, a.Server, cancellationToken))).ConfigureAwait(false);
        string text = string.Join(", ", answers.Select((a, i) => $"{a.Server} {serials[i]?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}"));
        return $"Some servers are not updated yet. Serial numbers of the zone: {text}. "
            + (serials.Where(s => s is not null).Distinct().Count() <= 1
                ? "They are the same everywhere, so a server with the old content will not fetch the new one: the serial was not raised."
                : "If it stays so, the primary does not notify the others, or they cannot fetch the zone.");
    }

    /// <summary>Nobody has it: perhaps it is somewhere else.</summary>
    private async Task<string> OfOtherPlacesAsync(ProofSight sight, DnsZone zone, NameServer server, CancellationToken cancellationToken)
    {
        string name = zone.RecordName.ToString();
        string bare = name.StartsWith("_", StringComparison.Ordinal) ? name.Substring(name.IndexOf('.') + 1) : "";
        List<(string Name, string Hint)> places =
        [
            ($"{name}.{zone.Name}", "the service takes names without the zone, and added it once more"),
        ];
        if (bare.Length > 0)
        {
            places.Add((bare, $"it has to be at {name}"));
            places.Add((name.Substring(1), "the underscore is missing"));
        }

        foreach ((string place, string hint) in places)
        {
            DnsName other;
            try
            {
                other = DnsName.Parse(place);
            }
            catch (DnsException)
            {
                continue; // too long for a name
            }

            DnsZone there = zone with { Path = [other] };
            ServerAnswer answer = await witness.AskAsync(there, server, sight.RecordType, sight.Values, cancellationToken).ConfigureAwait(false);
            if (answer.Kind == DnsAnswerKind.Present)
            {
                return $"The value is at {place}: {hint}.";
            }
        }

        return $"No server has it, so the record was not written, or to another zone or view than {zone.Name}.";
    }

    private async Task<string> OfResolversAsync(ProofSight sight, CancellationToken cancellationToken)
    {
        foreach (string resolver in sight.OtherProblems.Keys)
        {
            if (!EndPointText.TryParse(resolver, SystemResolvers.Port, out IPEndPoint? address))
            {
                continue;
            }

            DnsMessage query = DnsMessage.Query(sight.Name, ZoneWitness.WireType(sight.RecordType), recursionDesired: true);
            DnsMessage? answer = await witness.TryAskAsync(address!, query, cancellationToken).ConfigureAwait(false);
            if (answer?.ResponseCode == DnsResponseCode.ServFail
                && await witness.TryAskAsync(address!, query with { CheckingDisabled = true }, cancellationToken).ConfigureAwait(false) is { ResponseCode: DnsResponseCode.NoError })
            {
                return $"{resolver} answers when it may leave out DNSSEC: the signatures of the zone are not valid. Check the signer, and the DS record in the zone above.";
            }

            if (sight.IsServed && answer?.ResponseCode is DnsResponseCode.NXDomain or DnsResponseCode.NoError)
            {
                return $"{resolver} may still keep an earlier answer; that ends with the zone's time for negative answers (the last number of its SOA record).";
            }
        }

        return "";
    }
}
