using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns;

/// <summary>Asks DNS servers questions. Keeps nothing between two questions: what it is used for is to see what the servers say now.</summary>
internal sealed class DnsClient(Clock clock)
{
    /// <summary>The longest chain of aliases that is followed; as many as common resolvers do.</summary>
    public const int MaxAliases = 8;

    private readonly DnsExchange _exchange = new(clock);

    /// <summary>Puts one question to one server.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="name">The name.</param>
    /// <param name="type">The type of the records.</param>
    /// <param name="recursionDesired">True for a resolver, false for a server of the zone.</param>
    /// <returns>An answer with NOERROR or NXDOMAIN.</returns>
    /// <exception cref="DnsException">No answer, or one with another code.</exception>
    public async Task<DnsMessage> QueryAsync(IPEndPoint server, DnsName name, DnsType type, bool recursionDesired, CancellationToken cancellationToken)
    {
        DnsMessage query = DnsMessage.Query(name, type, recursionDesired);
        DnsMessage answer = await AskAsync(server, query, cancellationToken).ConfigureAwait(false);
        return answer.ResponseCode is DnsResponseCode.NoError or DnsResponseCode.NXDomain
            ? answer
            : throw new DnsException($"The DNS server {server} answered {answer.ResponseCode.ToString().ToUpperInvariant()} when asked for {query.Questions[0]}.")
            {
                ResponseCode = answer.ResponseCode,
            };
    }

    /// <summary>Sends one question to one server; the answer may be an error.</summary>
    /// <exception cref="DnsException">No answer.</exception>
    public async Task<DnsMessage> AskAsync(IPEndPoint server, DnsMessage query, CancellationToken cancellationToken)
    {
        DnsMessage answer = await _exchange.SendAsync(server, query, cancellationToken).ConfigureAwait(false);
        return answer.ResponseCode is DnsResponseCode.FormErr or DnsResponseCode.NotImp && !answer.HasEdns

            // RFC 6891 §7: a server from before EDNS says so.
            ? await _exchange.SendAsync(server, query with { Additionals = [] }, cancellationToken).ConfigureAwait(false)
            : answer;
    }

    /// <summary>The records of this name at the end of its aliases; empty when the name or the records do not exist.</summary>
    /// <param name="resolvers">Whom to ask; the next one when one gives no answer or fails.</param>
    /// <param name="name">The name.</param>
    /// <param name="type">The type of the records.</param>
    /// <exception cref="DnsException">No resolver gave an answer; or the aliases go in a circle, or are more than <see cref="MaxAliases"/>.</exception>
    public async Task<IReadOnlyList<DnsRecord>> ResolveAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName name, DnsType type, CancellationToken cancellationToken)
    {
        HashSet<DnsName> seen = [name];
        DnsName current = name;
        while (true)
        {
            DnsMessage answer = await AskAnyAsync(resolvers, current, type, cancellationToken).ConfigureAwait(false);
            DnsName asked = current;
            while (true)
            {
                List<DnsRecord> found = OfName(answer, current, type);
                if (found.Count > 0)
                {
                    return found;
                }

                DnsRecord? alias = OfName(answer, current, DnsType.CName).FirstOrDefault();
                if (alias is null)
                {
                    break;
                }

                current = alias.ReadTarget();
                if (!seen.Add(current))
                {
                    throw new DnsException($"The aliases (CNAME) of {name} go in a circle at {current}.");
                }

                if (seen.Count > MaxAliases + 1)
                {
                    throw new DnsException($"{name} leads over more than {MaxAliases} aliases (CNAME).");
                }
            }

            // NXDOMAIN is about the end of the chain (RFC 6604 §3). A NOERROR that ends in an alias may only mean that the target is in another zone.
            if (current.Equals(asked) || answer.ResponseCode == DnsResponseCode.NXDomain)
            {
                return [];
            }
        }
    }

    /// <summary>Puts one question to the first resolver that answers it.</summary>
    /// <exception cref="DnsException">None did; the last one's reason.</exception>
    public async Task<DnsMessage> AskAnyAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName name, DnsType type, CancellationToken cancellationToken)
    {
        DnsException? last = null;
        foreach (IPEndPoint resolver in resolvers)
        {
            try
            {
                return await QueryAsync(resolver, name, type, recursionDesired: true, cancellationToken).ConfigureAwait(false);
            }
            catch (DnsException error)
            {
                last = error;
            }
        }

        throw last ?? new DnsException("No DNS server to ask.");
    }

    private static List<DnsRecord> OfName(DnsMessage answer, DnsName name, DnsType type) =>
        answer.Answers.Where(record => record.Type == type && record.Class == DnsClass.Internet && record.Name.Equals(name)).ToList();
}
