using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that revokes.</summary>
public interface IRevokeAbility
{
    /// <summary>Revokes the certificate; one that is revoked already is no error.</summary>
    Task RevokeAsync(AuthorityContext context, Certificate certificate, RevocationReason reason, string? comment, CancellationToken cancellationToken);
}
