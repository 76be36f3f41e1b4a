using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that says when it wants its certificates renewed (RFC 9773).</summary>
public interface IRenewalInfoAbility
{
    /// <summary>When to renew; <c>null</c> when the authority does not say, or does not know the certificate.</summary>
    Task<RenewalWindow?> GetRenewalWindowAsync(AuthorityContext context, Certificate certificate, CancellationToken cancellationToken);
}
