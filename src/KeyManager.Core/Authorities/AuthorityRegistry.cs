using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Authorities;

/// <summary>The authorities that this build knows, by name. An unknown one is KmAuthorityNotFound.</summary>
public sealed class AuthorityRegistry(IEnumerable<ICertificateAuthority> authorities) : Registry<ICertificateAuthority>(authorities, authority => authority.Description.Name)
{
    /// <summary>The ability, when the authority has it.</summary>
    /// <exception cref="InvalidRequestException">KmAuthorityCannot, with the names of those that can.</exception>
    public T Require<T>(ICertificateAuthority authority, string what)
        where T : class =>
        authority as T ?? throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"{authority.Description.Title} cannot {what}.")
        {
            Target = authority.Description.Name,
            Remedy = All.OfType<T>().Any()
                ? $"Authorities that can: {string.Join(", ", All.Where(a => a is T).Select(a => a.Description.Name))}."
                : null,
        };

    /// <inheritdoc/>
    protected override NotFoundException Missing(string name, string known) => new(ErrorIds.AuthorityNotFound, $"There is no authority '{name}'.") { Target = name, Remedy = known + " See Get-KmAuthority." };
}
