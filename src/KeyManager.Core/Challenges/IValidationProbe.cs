using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;

namespace KeyManager.Challenges;

/// <summary>Looks at what the world sees: what a built-in authority does to check a challenge, and what a self-check does before a public one is asked.</summary>
public interface IValidationProbe
{
    /// <summary>The body of the file at this URL, at most 4 KiB of it as UTF-8 text without white space at its end.</summary>
    /// <param name="url">An http URL; redirects are followed at most 10 times, as RFC 8555 §8.3 allows.</param>
    /// <param name="connectTo">Address and port to connect to instead of resolving the name, such as "127.0.0.1:5002"; <c>null</c> resolves.</param>
    /// <exception cref="ChallengeException">KmChallengeFailed: not reachable, not status 200.</exception>
    Task<string> GetFileAsync(Uri url, string? connectTo, CancellationToken cancellationToken);

    /// <summary>The values of the records at this name; empty when there are none. Those of aliases are names in lower case without a final dot.</summary>
    /// <param name="name">Full name, such as _acme-challenge.contoso.com; CNAMEs are followed, unless they are asked for.</param>
    /// <param name="type">Kind of record.</param>
    /// <param name="resolver">Address, optionally with port, of the DNS server to ask; <c>null</c> asks the system's.</param>
    /// <exception cref="ChallengeException">KmChallengeFailed: no answer, SERVFAIL.</exception>
    Task<IReadOnlyList<string>> GetRecordsAsync(string name, DnsRecordType type, string? resolver, CancellationToken cancellationToken);
}
