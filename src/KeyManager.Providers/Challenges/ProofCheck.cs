using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Challenges;

/// <summary>Looks whether the proof of a challenge can be seen, and says in a sentence what is there instead. May be used from several threads.</summary>
/// <remarks>
/// A file is fetched as an authority does. A TXT record is looked for at every server of its zone, without a cache in between, because an authority may ask any of them; a
/// server that is silent or does not serve the zone is passed over when another one answers. Where no server of the zone can be reached, the resolver of the machine is asked.
/// </remarks>
public sealed class ProofCheck : IProofCheck
{
    private const int Shown = 60;

    private readonly IValidationProbe _probe;
    private readonly AuthoritativeServers? _servers;
    private readonly AliasLookup? _aliases;

    public ProofCheck(IValidationProbe probe, Clock clock)
        : this(probe, new AuthoritativeServers(clock), new AliasLookup(clock))
    {
    }

    /// <param name="probe">Looks at files, and asks resolvers.</param>
    /// <param name="servers">Asks the servers of zones; <c>null</c> to leave them alone.</param>
    /// <param name="aliases">Asks for CNAME records; <c>null</c> to leave them alone.</param>
    internal ProofCheck(IValidationProbe probe, AuthoritativeServers? servers, AliasLookup? aliases = null)
    {
        _aliases = aliases;
        _probe = probe;
        _servers = servers;
    }

    /// <summary>Whether proofs of this type can be looked at: files over HTTP and DNS records can.</summary>
    public static bool CanLookAt(ChallengeType type) => type is ChallengeType.Http01 or ChallengeType.HttpFile || type.IsRecord();

    /// <summary>Looks once.</summary>
    /// <param name="challenge">What should be seen.</param>
    /// <param name="resolver">Address, optionally with port, of the DNS server to ask instead of the servers of the zone; <c>null</c> for those. Files do not care.</param>
    /// <returns><c>null</c> when it is there; else what was seen, or why nothing could be.</returns>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: <paramref name="resolver"/> is no address.</exception>
    public async Task<string?> FindProblemAsync(Challenge challenge, string? resolver, CancellationToken cancellationToken)
    {
        Guard.NotNull(challenge);
        if (!CanLookAt(challenge.Type))
        {
            return $"A proof of the kind {challenge.Type} cannot be looked at from here.";
        }

        if (challenge.Location is not string location || challenge.Value is not string value)
        {
            return "The authority has not said what to publish and where.";
        }

        try
        {
            return challenge.Type == ChallengeType.DnsCname ? await FindAliasProblemAsync(location, value, resolver, cancellationToken).ConfigureAwait(false)
                : challenge.Type.IsRecord()
                ? await FindRecordProblemAsync(location, value, resolver, cancellationToken).ConfigureAwait(false)
                : await FindFileProblemAsync(location, value, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ChallengeException or DnsException)
        {
            return error.Message;
        }
    }

    private async Task<string?> FindFileProblemAsync(string location, string value, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out Uri? url))
        {
            return $"'{location}' is no URL.";
        }

        string found = await _probe.GetFileAsync(url, null, cancellationToken).ConfigureAwait(false);
        return string.Equals(found, value.TrimEnd(), StringComparison.Ordinal) ? null : $"{location} holds {Quote(found)} instead of the value of the challenge.";
    }

    private async Task<string?> FindAliasProblemAsync(string name, string target, string? resolver, CancellationToken cancellationToken)
    {
        if (_aliases is null)
        {
            return $"The CNAME record at {name} cannot be looked at from here.";
        }

        IReadOnlyList<string> found = await _aliases.FindAsync(name, resolver, cancellationToken).ConfigureAwait(false);
        return found.Any(f => string.Equals(f.TrimEnd('.'), target.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)) ? null
            : found.Count == 0 ? $"There is no CNAME record at {name}."
            : $"The CNAME record at {name} leads to {string.Join(", ", found.Select(Quote))} instead of {Quote(target)}.";
    }

    private async Task<string?> FindRecordProblemAsync(string name, string value, string? resolver, CancellationToken cancellationToken)
    {
        if (resolver is null && _servers is not null
            && await _servers.FindAsync(DnsName.Parse(name), cancellationToken).ConfigureAwait(false) is { Servers.Count: > 0 } zone)
        {
            IReadOnlyList<ServerAnswer> answers = await _servers.AskAsync(zone, cancellationToken).ConfigureAwait(false);
            if (answers.Any(a => a.Counts))
            {
                List<string> problems = [.. answers.Where(a => a.Counts && !a.Has(value)).Select(Describe)];
                string place = zone.RecordName.Equals(DnsName.Parse(name)) ? name : $"{name}, an alias for {zone.RecordName},";
                return problems.Count == 0 ? null : $"Of {place} in the zone {zone.Name} say its servers: {string.Join("; ", problems)}.";
            }
        }

        IReadOnlyList<string> found = await _probe.GetTextRecordsAsync(name, resolver, cancellationToken).ConfigureAwait(false);
        return found.Contains(value, StringComparer.Ordinal) ? null
            : found.Count == 0 ? $"There is no TXT record at {name}."
            : $"The TXT records at {name} hold {string.Join(", ", found.Select(Quote))}, none of them the value of the challenge.";
    }

    private static string Describe(ServerAnswer answer) =>
        answer.Problem is not null ? $"{answer.Server} {answer.Problem}"
        : answer.Text is { Count: > 0 } text ? $"{answer.Server} has only {string.Join(", ", text.Select(Quote))}"
        : $"{answer.Server} has no TXT record";

    private static string Quote(string text) => text.Length <= Shown ? $"'{text}'" : $"'{text.Substring(0, Shown)}...'";
}
