using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that takes the certificate request only after control of the names was proved (RFC 8555 §7.4).</summary>
public interface IFinalizeAbility
{
    /// <summary>Sends the request of the order. Calling it again for an order that has its certificate changes nothing.</summary>
    Task<AuthorityOrder> FinalizeAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken);
}
