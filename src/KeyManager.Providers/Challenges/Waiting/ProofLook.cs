using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Providers.Dns;

namespace KeyManager.Providers.Challenges.Waiting;

/// <summary>Single looks: at a file, at a resolver, or at every server of a zone.</summary>
internal sealed class ProofLook(IValidationProbe probe, IZoneWitness? witness, Clock clock)
{
    private const int AtOnce = 8;

    /// <summary>Fetches the file, or asks a resolver, and takes note.</summary>
    /// <param name="sight">What is looked at.</param>
    /// <param name="other">Under which name it is noted.</param>
    /// <param name="address">Which resolver; <c>null</c> for that of the machine.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task AskAsync(ProofSight sight, string other, string? address, CancellationToken cancellationToken)
    {
        try
        {
            sight.Add(other, sight.IsFile
                ? await FileProblemAsync(sight, cancellationToken).ConfigureAwait(false)
                : RecordProblem(sight, await probe.GetRecordsAsync(sight.Location, sight.RecordType, address, cancellationToken).ConfigureAwait(false)));
        }
        catch (ChallengeException error)
        {
            sight.Add(other, error.Message);
        }
    }

    /// <summary>Looks everywhere where it has to be and was not seen yet.</summary>
    public async Task RunAsync(ProofSight sight, CancellationToken cancellationToken)
    {
        if (sight.IsFile || witness is null || sight.Options.Resolver is not null)
        {
            await AskAsync(sight, sight.Stead, sight.Options.Resolver, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (!sight.IsZoneKnown)
        {
            sight.Place(await witness.FindAsync(sight.Name, sight.RecordType, isFresh: false, cancellationToken).ConfigureAwait(false));
        }

        if (sight.Zone is DnsZone zone)
        {
            using SemaphoreSlim gate = new(AtOnce);
            await Task.WhenAll(zone.Servers.Where(s => !sight.WasShownBy(s)).Select(async server =>
            {
                await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    sight.Add(zone, await witness.AskAsync(zone, server, sight.RecordType, sight.Values, cancellationToken).ConfigureAwait(false));
                }
                finally
                {
                    gate.Release();
                }
            })).ConfigureAwait(false);
        }

        if (sight.NeedsResolver)
        {
            await AskAsync(sight, sight.Stead, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string?> FileProblemAsync(ProofSight sight, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(sight.Location, UriKind.Absolute, out Uri? url))
        {
            return $"'{sight.Location}' is no URL.";
        }

        string found = await probe.GetFileAsync(url, null, cancellationToken).ConfigureAwait(false);
        return sight.Values.All(v => string.Equals(found, v.TrimEnd(), StringComparison.Ordinal))
            ? null
            : $"{sight.Location} holds {ServerAnswer.Quote(found)} instead of the value of the challenge.";
    }

    private string? RecordProblem(ProofSight sight, IReadOnlyList<string> found) =>
        sight.Values.All(v => ServerAnswer.Has(found, v, clock.UtcNow)) ? null
        : found.Count == 0 ? $"There is no {ZoneWitness.Word(sight.RecordType)} record at {sight.Location}."
        : sight.RecordType == DnsRecordType.CName ? $"The alias (CNAME) at {sight.Location} leads to {string.Join(", ", found.Select(ServerAnswer.Quote))} and not to {string.Join(", ", sight.Values.Select(ServerAnswer.Quote))}."
        : sight.Values.Count == 1 ? $"The TXT records at {sight.Location} hold {string.Join(", ", found.Select(ServerAnswer.Quote))}, none of them the value of the challenge."
        : $"The TXT records at {sight.Location} hold {string.Join(", ", found.Select(ServerAnswer.Quote))}, not all {sight.Values.Count} values of the challenges.";
}
