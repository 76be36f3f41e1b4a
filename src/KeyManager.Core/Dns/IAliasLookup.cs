using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Dns;

/// <summary>Follows the aliases (CNAME) of a name, as an authority does.</summary>
public interface IAliasLookup
{
    /// <summary>The name, and where it leads to, hop by hop; the name alone when it is no alias or nobody could say.</summary>
    /// <param name="name">Full name, without a final dot.</param>
    /// <param name="resolver">DNS server to ask, address with or without port; <c>null</c> asks the machine's.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <remarks>An alias that a wildcard makes up (*.contoso.com CNAME ...) is none: it is gone as soon as a record stands at the name.</remarks>
    /// <exception cref="ChallengeException">KmDnsAliasLoop: a circle, or too many.</exception>
    Task<IReadOnlyList<string>> FollowAsync(string name, string? resolver, CancellationToken cancellationToken);
}
