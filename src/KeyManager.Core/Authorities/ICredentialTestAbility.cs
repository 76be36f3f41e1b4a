using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority whose account can be tried out without ordering ("Test Login").</summary>
public interface ICredentialTestAbility
{
    /// <summary>Returns a sentence about what was found when all is well; throws when it is not.</summary>
    Task<string> TestAsync(AuthorityContext context, CancellationToken cancellationToken);
}
