using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that can be asked whether it has an order, by our reference: what happens after an unknown outcome, instead of placing again.</summary>
public interface IOrderLookupAbility
{
    /// <summary>The order with the reference <see cref="CertificateOrder.Id"/>; <c>null</c> when the authority is sure that it has none.</summary>
    Task<AuthorityOrder?> FindAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken);
}
