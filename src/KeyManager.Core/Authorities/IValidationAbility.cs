using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that has to be told when a challenge is published.</summary>
public interface IValidationAbility
{
    /// <summary>Tells that the challenge is published and answers how the order stands then; the authority may still be looking.</summary>
    Task<AuthorityOrder> SubmitAsync(AuthorityContext context, CertificateOrder order, Challenge challenge, CancellationToken cancellationToken);
}
