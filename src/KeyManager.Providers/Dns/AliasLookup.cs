using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns;

/// <summary>Follows aliases with the resolver of the machine, or one that is named. May be used from several threads.</summary>
internal sealed class AliasLookup : IAliasLookup
{
    private readonly Clock _clock;
    private readonly DnsClient _dns;
    private readonly Func<IReadOnlyList<IPEndPoint>> _resolvers;

    public AliasLookup(Clock clock)
        : this(clock, SystemResolvers.Find)
    {
    }

    /// <param name="clock">For time limits.</param>
    /// <param name="resolvers">Whom to ask when nobody is named.</param>
    internal AliasLookup(Clock clock, Func<IReadOnlyList<IPEndPoint>> resolvers)
    {
        _clock = clock;
        _dns = new DnsClient(clock);
        _resolvers = resolvers;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FollowAsync(string name, string? resolver, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<IPEndPoint> servers = resolver is null ? _resolvers() : [EndPointText.Parse(resolver, SystemResolvers.Port)];
            return await TimeLimit.RunAsync(_clock, ZoneFinder.FindTimeLimit, token => FollowAsync(servers, DnsName.Parse(name), token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DnsException or TimeoutException)
        {
            // Whoever cannot ask writes at the name itself, as one would without knowing of aliases; the look afterwards tells.
            return [name];
        }
    }

    private async Task<IReadOnlyList<string>> FollowAsync(IReadOnlyList<IPEndPoint> servers, DnsName name, CancellationToken cancellationToken)
    {
        List<DnsName> chain = [name];
        while (await TargetAsync(servers, chain[chain.Count - 1], cancellationToken).ConfigureAwait(false) is DnsName next)
        {
            if (chain.Count == 1 && await IsMadeUpAsync(servers, name, next, cancellationToken).ConfigureAwait(false))
            {
                break;
            }

            if (chain.Contains(next))
            {
                throw Loop(name, [.. chain, next], "go in a circle", "Remove one of these aliases (CNAME).");
            }

            chain.Add(next);
            if (chain.Count > DnsClient.MaxAliases + 1)
            {
                throw Loop(name, chain, $"are more than {DnsClient.MaxAliases}", "Let the first one lead to the last name directly; resolvers follow no longer chains.");
            }
        }

        return [.. chain.Select(n => n.ToString())];
    }

    private async Task<DnsName?> TargetAsync(IReadOnlyList<IPEndPoint> servers, DnsName name, CancellationToken cancellationToken)
    {
        DnsMessage answer = await _dns.AskAnyAsync(servers, name, DnsType.CName, cancellationToken).ConfigureAwait(false);
        return answer.Answers.FirstOrDefault(r => r.Type == DnsType.CName && r.Class == DnsClass.Internet && r.Name.Equals(name))?.ReadTarget();
    }

    // A wildcard answers for a neighbour that nobody has ever made too, and ends as soon as a record stands at the name.
    private async Task<bool> IsMadeUpAsync(IReadOnlyList<IPEndPoint> servers, DnsName name, DnsName target, CancellationToken cancellationToken)
    {
        DnsName neighbour = DnsName.Parse(Identifier.New() + "." + name.Parent);
        return await TargetAsync(servers, neighbour, cancellationToken).ConfigureAwait(false) is DnsName theirs && theirs.Equals(target);
    }

    private static ChallengeException Loop(DnsName name, IEnumerable<DnsName> chain, string problem, string remedy) =>
        new(ErrorIds.DnsAliasLoop, $"The aliases (CNAME) of {name} {problem}: {string.Join(" -> ", chain)}.") { Target = name.ToString(), Remedy = remedy };
}
