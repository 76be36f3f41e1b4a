using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority with accounts of its own, made, changed and given up from here.</summary>
public interface IAccountAbility
{
    /// <summary>Makes the account at the authority.</summary>
    Task<AccountRegistration> RegisterAsync(AccountRequest request, CancellationToken cancellationToken);

    /// <summary>Brings changed contacts and settings to the authority; answers what to store.</summary>
    Task<AuthorityAccount> UpdateAsync(AuthorityContext context, AuthorityAccount changed, CancellationToken cancellationToken);

    /// <summary>Gives the account up at the authority, for good.</summary>
    Task DeactivateAsync(AuthorityContext context, CancellationToken cancellationToken);
}
