using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that may ask for more once an order is placed: the certificate request, consent to an agreement.</summary>
public interface IFollowUpAbility
{
    /// <summary>Gives what can be given from here, and answers how the order stands then. Calling it again for an order that lacks nothing changes nothing.</summary>
    Task<AuthorityOrder> FollowUpAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken);
}
