using System;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Challenges.Waiting;
using KeyManager.Providers.Dns;

namespace KeyManager.Providers.Challenges;

/// <summary>Looks whether the proof of a challenge can be seen, and says in a sentence what is there instead. May be used from several threads.</summary>
/// <remarks>
/// A file is fetched as an authority does. A TXT record is looked for at every server of its zone, without a cache in between, because an authority may ask any of them; a
/// server that is silent or does not serve the zone is passed over when another one answers. Where no server of the zone can be reached, the resolver of the machine is asked.
/// </remarks>
public sealed class ProofCheck : IProofCheck
{
    private readonly ProofLook _look;

    /// <param name="probe">Looks at files, and asks resolvers.</param>
    /// <param name="clock">For time limits.</param>
    public ProofCheck(IValidationProbe probe, Clock clock)
        : this(probe, new ZoneWitness(clock, new ZoneFinder(clock)), clock)
    {
    }

    /// <param name="probe">Looks at files, and asks resolvers.</param>
    /// <param name="witness">Asks the servers of zones; <c>null</c> to leave them alone.</param>
    /// <param name="clock">The time.</param>
    internal ProofCheck(IValidationProbe probe, IZoneWitness? witness, Clock clock) => _look = new ProofLook(probe, witness, clock);

    /// <summary>Whether proofs of this type can be looked at: files and records can.</summary>
    public static bool CanLookAt(ChallengeType type) => type.IsFile() || type.IsRecord();

    /// <summary>Looks once.</summary>
    /// <param name="challenge">What should be seen.</param>
    /// <param name="resolver">Address, optionally with port, of the DNS server to ask instead of the servers of the zone; <c>null</c> for those. Files do not care.</param>
    /// <param name="cancellationToken">Stops it.</param>
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
            ProofSight sight = new(location, [value], challenge.Type, new ProofWaitOptions { Maximum = TimeSpan.Zero, Resolver = resolver });
            await _look.RunAsync(sight, cancellationToken).ConfigureAwait(false);
            return SightReport.Describe(sight);
        }
        catch (DnsException error)
        {
            return error.Message;
        }
    }

}
