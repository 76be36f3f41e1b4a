using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that keeps groups, organizations and domains for an account, which its orders refer to.</summary>
public interface IDirectoryAbility
{
    /// <summary>Asks for parts of the directory. What cannot be told about a single entry is a warning, and the entry stays as it was known.</summary>
    /// <param name="context">The account.</param>
    /// <param name="scope">Which parts; <see cref="DirectoryScope.Product"/> is for <see cref="ICatalogAbility"/>.</param>
    /// <param name="known">What is stored.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<AccountDirectory> GetDirectoryAsync(AuthorityContext context, DirectoryScope scope, AccountDirectory known, CancellationToken cancellationToken);
}
