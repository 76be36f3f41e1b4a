using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that can be asked whether it would take an order, without placing it.</summary>
public interface IRehearsalAbility
{
    /// <summary>Passes when the authority would take the order, as far as it says.</summary>
    /// <exception cref="AuthorityException">It would not; the message has its own words.</exception>
    Task RehearseAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken);
}
