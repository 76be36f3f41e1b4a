using System;
using KeyManager.Hosting;

namespace KeyManager.Authorities;

/// <summary>What an authority's adapter gets to work with: the account, its secrets, and whom to tell.</summary>
public sealed class AuthorityContext(AuthorityAccount account, Func<string, byte[]?> getSecret, IReporter reporter)
{
    /// <summary>The account.</summary>
    public AuthorityAccount Account { get; } = account;

    /// <summary>For warnings and steps.</summary>
    public IReporter Reporter { get; } = reporter;

    /// <summary>A secret of the account by name, in the clear, <c>null</c> when there is none. Overwrite it after use.</summary>
    public byte[]? GetSecret(string name) => SecretVaults.Open(getSecret(name));

    /// <summary>The same with the secrets that are given now: a registration that was interrupted goes on with them, or with those that are stored.</summary>
    public AuthorityContext With(AccountRequest request) =>
        new(Account, name => Guard.NotNull(request).Secrets.TryGetValue(name, out byte[]? given) ? (byte[])given.Clone() : getSecret(name), Reporter);

    /// <summary>The setting, or <paramref name="otherwise"/> when it is not set.</summary>
    public string Setting(string name, string otherwise) => Account.Settings.TryGetValue(name, out string? value) ? value : otherwise;
}
