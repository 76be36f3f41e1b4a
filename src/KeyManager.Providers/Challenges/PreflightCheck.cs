using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Challenges.Preflights;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Challenges;

/// <summary>Looks at the world as an authority will, before it is asked. May be used from several threads.</summary>
public sealed class PreflightCheck : IPreflight
{
    private const int AtOnce = 8;

    /// <summary>How long everything about one name may take.</summary>
    private static readonly TimeSpan NameTimeLimit = TimeSpan.FromSeconds(30);

    private readonly Clock _clock;
    private readonly DnsClient _dns;
    private readonly Func<IReadOnlyList<IPEndPoint>> _resolvers;
    private readonly Func<IPAddress, IPEndPoint> _serverOf;
    private readonly Func<IPAddress, IPEndPoint> _webServerOf;

    /// <param name="clock">For time limits.</param>
    public PreflightCheck(Clock clock)
        : this(clock, SystemResolvers.Find, address => new IPEndPoint(address, SystemResolvers.Port), address => new IPEndPoint(address, 80))
    {
    }

    /// <param name="clock">For time limits.</param>
    /// <param name="resolvers">Whom to ask where the request names nobody.</param>
    /// <param name="serverOf">Where the DNS server of an address is reached.</param>
    /// <param name="webServerOf">Where port 80 of an address is reached.</param>
    internal PreflightCheck(Clock clock, Func<IReadOnlyList<IPEndPoint>> resolvers, Func<IPAddress, IPEndPoint> serverOf, Func<IPAddress, IPEndPoint> webServerOf)
    {
        _clock = clock;
        _dns = new DnsClient(clock);
        _resolvers = resolvers;
        _serverOf = serverOf;
        _webServerOf = webServerOf;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PreflightFinding>> RunAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        Guard.NotNull(request);
        IReadOnlyList<IPEndPoint> resolvers;
        try
        {
            resolvers = request.Resolver is string own ? [EndPointText.Parse(own, SystemResolvers.Port)] : _resolvers();
        }
        catch (DnsException error)
        {
            return [new PreflightFinding("Dns", Environment.MachineName, PreflightSeverity.Warning, error.Message, "Name a DNS server with -Resolver.")];
        }

        ZoneFinder finder = new(_clock, () => resolvers, _serverOf);
        using SemaphoreSlim gate = new(AtOnce);
        IReadOnlyList<PreflightFinding>[] findings = await Task.WhenAll(request.Subjects.Distinct().Select(async subject =>
        {
            await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await TimeLimit.RunAsync(_clock, NameTimeLimit, token => LookAsync(resolvers, finder, subject, request, token), cancellationToken).ConfigureAwait(false);
            }
            catch (DnsException error)
            {
                return [new PreflightFinding("Dns", subject.Name.Ascii, PreflightSeverity.Problem, $"{subject.Name} cannot be looked at: {error.Message}")];
            }
            catch (TimeoutException)
            {
                return [new PreflightFinding("Dns", subject.Name.Ascii, PreflightSeverity.Warning, $"{subject.Name} could not be looked at within {NameTimeLimit.TotalSeconds:0} seconds.")];
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
        return [.. findings.SelectMany(f => f)];
    }

    private async Task<IReadOnlyList<PreflightFinding>> LookAsync(
        IReadOnlyList<IPEndPoint> resolvers, ZoneFinder finder, PreflightSubject subject, PreflightRequest request, CancellationToken cancellationToken)
    {
        List<PreflightFinding> findings = [];
        bool isDns = subject.Name.Kind != DomainNameKind.IpAddress;
        if (isDns && request.IsPublic)
        {
            PreflightFinding? broken = await new DnssecCheck(_dns).RunAsync(resolvers, subject.Name.BaseName, cancellationToken).ConfigureAwait(false);
            Add(broken);
            if (broken is null && request.CaaIdentities.Count > 0)
            {
                Add(await new CaaCheck(_dns).RunAsync(resolvers, subject, request, cancellationToken).ConfigureAwait(false));
            }
        }

        // An alias that an authority asked for leads to its own zone, which is none of ours to look at.
        if (isDns && subject.Type is ChallengeType type && type.IsText() && (subject.RecordName is not null || type != ChallengeType.DnsTxt))
        {
            string place = subject.RecordName ?? (subject.Type == ChallengeType.DnsPersist01 ? ProofText.PersistentRecordName(subject.Name.BaseName) : ProofText.RecordName(subject.Name.BaseName));
            findings.AddRange(await new DelegationCheck(finder).RunAsync(subject.Name.Ascii, place, cancellationToken).ConfigureAwait(false));
        }

        if (subject.Type is ChallengeType.Http01 or ChallengeType.HttpFile)
        {
            Add(await new WebPortCheck(_dns, _clock, _webServerOf).RunAsync(resolvers, subject.Name, request.AnswersItself, cancellationToken).ConfigureAwait(false));
        }

        return findings;

        void Add(PreflightFinding? finding)
        {
            if (finding is not null)
            {
                findings.Add(finding);
            }
        }
    }
}
