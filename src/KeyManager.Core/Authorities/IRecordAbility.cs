using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that checks records which depend on the account and not on an order: dns-persist-01, and the name of dns-account-01.</summary>
public interface IRecordAbility
{
    /// <summary>How the record for a name is called and what it says. Asks the authority for what it calls itself.</summary>
    /// <param name="context">The account.</param>
    /// <param name="name">The name to prove.</param>
    /// <param name="type">DnsPersist01 or DnsAccount01.</param>
    /// <param name="isForAnyName">For DnsPersist01: the account as a record may name it below every name, where the authority's draft ties it to one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ConflictException">KmAccountNotFound: the account is not registered.</exception>
    Task<RecordNames> GetRecordNamesAsync(AuthorityContext context, DomainName name, ChallengeType type, bool isForAnyName, CancellationToken cancellationToken);
}
