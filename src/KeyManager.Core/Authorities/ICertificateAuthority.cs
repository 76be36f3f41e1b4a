using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>
/// What every certificate authority can do. Further abilities are interfaces of their own (I…Ability), asked for by a type test.
/// An implementation keeps no state outside of its arguments and the store.
/// </summary>
public interface ICertificateAuthority
{
    /// <summary>What it is and what it can do.</summary>
    AuthorityDescription Description { get; }

    /// <summary>Refuses an order that this authority can never fulfil, before anything is stored or sent.</summary>
    /// <exception cref="InvalidRequestException">KmAuthorityCannot, KmNameNotAllowed, ...; the remedy says who can, or what would be right.</exception>
    void Check(AuthorityContext context, CertificateOrder order);

    /// <summary>
    /// Places the order. It is stored already, with its journal at <see cref="OrderStep.Placing"/>. Where the authority takes a reference of the
    /// customer's, it gets <see cref="CertificateOrder.Id"/>.
    /// </summary>
    Task<AuthorityOrder> PlaceAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken);

    /// <summary>Asks how a placed order stands.</summary>
    Task<AuthorityOrder> GetAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken);

    /// <summary>Gets the certificate of an order that <see cref="GetAsync"/> reported as <see cref="OrderStatus.Available"/>. May be called again.</summary>
    Task<IssuedCertificate> DownloadAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken);
}
