using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that has to be told when challenges are published.</summary>
public interface IValidationAbility
{
    /// <summary>Tells that these challenges are published and answers how the order stands then; the authority may still be looking.</summary>
    Task<AuthorityOrder> SubmitAsync(AuthorityContext context, CertificateOrder order, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken);
}
