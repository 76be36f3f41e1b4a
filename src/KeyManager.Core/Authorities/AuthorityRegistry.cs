using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Authorities;

/// <summary>The authorities that this build knows, by name.</summary>
public sealed class AuthorityRegistry(IEnumerable<ICertificateAuthority> authorities)
{
    private readonly List<ICertificateAuthority> _authorities = [.. authorities.OrderBy(a => a.Description.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>All, by name.</summary>
    public IReadOnlyList<ICertificateAuthority> All => _authorities;

    /// <summary>The authority with this name; letter case does not matter.</summary>
    /// <exception cref="NotFoundException">KmAuthorityNotFound.</exception>
    public ICertificateAuthority Get(string name) =>
        _authorities.FirstOrDefault(a => string.Equals(a.Description.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new NotFoundException(ErrorIds.AuthorityNotFound, $"There is no authority '{name}'.")
        {
            Target = name,
            Remedy = $"Known are: {string.Join(", ", _authorities.Select(a => a.Description.Name))}. See Get-KmAuthority.",
        };

    /// <summary>The ability, when the authority has it.</summary>
    /// <exception cref="InvalidRequestException">KmAuthorityCannot, with the names of those that can.</exception>
    public T Require<T>(ICertificateAuthority authority, string what)
        where T : class =>
        authority as T ?? throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"{authority.Description.Title} cannot {what}.")
        {
            Target = authority.Description.Name,
            Remedy = _authorities.OfType<T>().Any()
                ? $"Authorities that can: {string.Join(", ", _authorities.Where(a => a is T).Select(a => a.Description.Name))}."
                : null,
        };
}
