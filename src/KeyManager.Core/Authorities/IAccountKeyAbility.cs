using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Authorities;

/// <summary>An authority that knows its accounts by a key of theirs, which can be taken along and replaced.</summary>
public interface IAccountKeyAbility
{
    /// <summary>Name of the secret that holds the key.</summary>
    string KeySecret { get; }

    /// <summary>Makes a new key of the same kind; PKCS#8. The caller overwrites it.</summary>
    byte[] MakeKey(AuthorityContext context);

    /// <summary>Puts the new key in the place of the old one at the authority; answers what to store.</summary>
    Task<AuthorityAccount> ChangeKeyAsync(AuthorityContext context, byte[] newKey, CancellationToken cancellationToken);

    /// <summary>True when the authority knows the account by this key already: what a change that was interrupted left.</summary>
    Task<bool> IsKnownAsync(AuthorityContext context, byte[] key, CancellationToken cancellationToken);

    /// <summary>Reads an exported key, PEM or JWK; PKCS#8. The caller overwrites it.</summary>
    /// <param name="data">The file.</param>
    /// <param name="password">Password of an encrypted one.</param>
    /// <param name="source">What to call it in an error.</param>
    byte[] ReadKey(byte[] data, string? password, string source);

    /// <summary>Writes the key for a file.</summary>
    /// <param name="key">PKCS#8.</param>
    /// <param name="format">How.</param>
    /// <param name="password">To encrypt a PEM file with; a JWK is never encrypted.</param>
    byte[] WriteKey(byte[] key, AccountKeyFormat format, string? password);
}
