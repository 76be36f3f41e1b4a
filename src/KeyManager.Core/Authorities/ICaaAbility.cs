using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that says itself how CAA records name it.</summary>
public interface ICaaAbility
{
    /// <summary>Asks it; what is known here when it does not say.</summary>
    Task<CaaNames> GetCaaNamesAsync(AuthorityContext context, CancellationToken cancellationToken);
}
