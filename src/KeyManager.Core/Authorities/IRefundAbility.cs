using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that takes back an order that was paid for, issued or not, when it decides so: within a time of its own, and perhaps later than it is asked.</summary>
public interface IRefundAbility
{
    /// <summary>Asks for it, and answers how the order stands then; still as before when the authority has yet to decide.</summary>
    /// <param name="context">The account.</param>
    /// <param name="order">The order.</param>
    /// <param name="comment">A reason for the authority; <c>null</c> for none.</param>
    /// <param name="mayBeAsked">True when it may have been asked for already: then the authority is asked for that first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="AuthorityException">It refuses, for example because it is too late.</exception>
    Task<AuthorityOrder> RequestRefundAsync(AuthorityContext context, CertificateOrder order, string? comment, bool mayBeAsked, CancellationToken cancellationToken);
}
