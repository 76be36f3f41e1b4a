using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority at which a placed order can be cancelled.</summary>
public interface ICancelAbility
{
    /// <summary>Cancels the order; one that is cancelled already is no error.</summary>
    Task CancelAsync(AuthorityContext context, CertificateOrder order, string? comment, CancellationToken cancellationToken);
}
