using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that sells several kinds of certificates. Its orders name one of them.</summary>
public interface ICatalogAbility
{
    /// <summary>Everything that the account may order.</summary>
    Task<IReadOnlyList<Product>> GetProductsAsync(AuthorityContext context, CancellationToken cancellationToken);
}
