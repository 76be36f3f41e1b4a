using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Dns;

/// <summary>A DNS service, or a way to change records. May be used from several threads at once, for several accounts.</summary>
/// <remarks>
/// Whatever fails names the account, the zone and what to do. What is thrown: <see cref="CredentialException"/> (KmDnsCredentialRejected, KmDnsRightMissing, KmDnsClockWrong),
/// <see cref="RateLimitException"/> (KmRateLimited, after waiting as long as is reasonable), <see cref="TransportException"/> (KmDnsUnreachable, KmDnsNotTrusted, KmDnsUnavailable),
/// <see cref="NotFoundException"/> (KmDnsZoneNotFound), <see cref="ConflictException"/> (KmDnsZoneAmbiguous, KmDnsNameOccupied),
/// <see cref="ChallengeException"/> (KmDnsChangeRefused, KmDnsChangeNotServed, KmDnsAnswerUnreadable).
/// </remarks>
public interface IDnsProvider
{
    /// <summary>What it is, and what an account needs.</summary>
    DnsProviderDescription Description { get; }

    /// <summary>Refuses an account that can never work, without asking anybody. What <see cref="DnsProviderDescription"/> says is checked before.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    void Check(DnsContext context);

    /// <summary>For each name the zone of the account that holds it: the longest that it lies in. A name that lies in none is left out.</summary>
    /// <param name="context">The account.</param>
    /// <param name="names">Full names in lower case, as A-labels, without a final dot.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyDictionary<string, HostedZone>> FindZonesAsync(DnsContext context, IReadOnlyList<string> names, CancellationToken cancellationToken);

    /// <summary>Makes changes in one zone, with as few requests as the service allows.</summary>
    /// <remarks>
    /// A value that is to be added and is there stays as it is; one that is to be taken away and is not there is no error; other values survive. So the same call may be made again
    /// after a failure, which may have left some of the changes made.
    /// </remarks>
    Task ApplyAsync(DnsContext context, HostedZone zone, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken);
}
