using System.Collections.Generic;
using System.Linq;
using KeyManager.Moving;

namespace KeyManager.Providers.Moving;

/// <summary>The accounts with DNS services that were found so far: certificates with the same credentials share one, and each has a name of its own.</summary>
internal sealed class ForeignDnsAccounts(string tool)
{
    private readonly List<ForeignDnsAccount> _accounts = [];

    /// <summary>The account that says the same, or another one.</summary>
    public ForeignDnsAccount Get(DnsAccountDraft draft, string source)
    {
        ForeignDnsAccount? same = _accounts.FirstOrDefault(a => a.Provider == draft.Provider && IsSame(a.Settings, draft.Settings) && IsSame(a.Secrets, draft.Secrets));
        if (same is not null)
        {
            SecretValues.Overwrite(draft.Secrets.Values);

            return same;
        }

        string name = NameOf(draft.Provider);
        int number = _accounts.Count(a => a.Provider == draft.Provider) + 1;
        ForeignDnsAccount account = new()
        {
            Name = number == 1 ? name : $"{name}-{number}",
            Provider = draft.Provider,
            Settings = draft.Settings.ToDictionary(s => s.Key, s => s.Value),
            Secrets = draft.Secrets.ToDictionary(s => s.Key, s => s.Value),
            Source = source,
        };
        _accounts.Add(account);
        return account;
    }

    /// <summary>What the first account with this provider is called, such as "acme.sh-cloudflare".</summary>
    public string NameOf(string provider) => $"{tool}-{provider}".ToLowerInvariant();

    /// <summary>What to do where the account cannot be taken over.</summary>
    public string HowToMake(string provider) => $"Make the account here: New-KmDnsAccount {NameOf(provider)} -Provider {provider} ...; Get-KmProvider {provider} shows what it needs.";

    private static bool IsSame(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(s => other.TryGetValue(s.Key, out string? value) && value == s.Value);

    private static bool IsSame(IReadOnlyDictionary<string, byte[]> one, IReadOnlyDictionary<string, byte[]> other) =>
        one.Count == other.Count && one.All(s => other.TryGetValue(s.Key, out byte[]? value) && value.SequenceEqual(s.Value));
}
