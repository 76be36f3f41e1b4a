using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority with accounts of its own, made, changed and given up from here.</summary>
public interface IAccountAbility
{
    /// <summary>Makes what the account needs here, such as its key, without telling the authority. It is stored before <see cref="RegisterAsync"/>.</summary>
    AccountRegistration Prepare(AccountRequest request);

    /// <summary>
    /// Makes the account at the authority, or takes up the one that is there; answers what to store. Called again after an interruption with what
    /// <see cref="Prepare"/> gave, it finds the same account.
    /// </summary>
    Task<AuthorityAccount> RegisterAsync(AuthorityContext context, AccountRequest request, CancellationToken cancellationToken);

    /// <summary>Brings changed contacts and settings to the authority; answers what to store.</summary>
    Task<AuthorityAccount> UpdateAsync(AuthorityContext context, AuthorityAccount changed, CancellationToken cancellationToken);

    /// <summary>Gives the account up at the authority, for good.</summary>
    Task DeactivateAsync(AuthorityContext context, CancellationToken cancellationToken);
}
