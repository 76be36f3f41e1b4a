using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that issues another certificate within the term that is paid for: with another key, or other names.</summary>
public interface IReissueAbility
{
    /// <summary>
    /// Asks for it. The order is stored already, with its journal at <see cref="OrderStep.Placing"/>; <see cref="CertificateOrder.AuthorityOrderId"/> is the one of the original.
    /// </summary>
    Task<AuthorityOrder> ReissueAsync(AuthorityContext context, CertificateOrder order, CertificateOrder original, CancellationToken cancellationToken);

    /// <summary>How the reissue stands whose answer got lost; <c>null</c> when the authority is sure that it was not asked for.</summary>
    Task<AuthorityOrder?> FindReissueAsync(AuthorityContext context, CertificateOrder order, CertificateOrder original, CancellationToken cancellationToken);
}
