using System.Collections.Generic;
using System.Text;

namespace KeyManager.Providers.Moving;

/// <summary>Collects what another program keeps about a DNS service under the names of our provider. What is missing there is left out.</summary>
internal sealed class DnsAccountDraft(string provider)
{
    private readonly SortedDictionary<string, string> _settings = new(System.StringComparer.Ordinal);
    private readonly SortedDictionary<string, byte[]> _secrets = new(System.StringComparer.Ordinal);

    /// <summary>Name of our provider.</summary>
    public string Provider => provider;

    public IReadOnlyDictionary<string, string> Settings => _settings;

    public IReadOnlyDictionary<string, byte[]> Secrets => _secrets;

    /// <summary>The draft when each of these is there, as setting or secret; otherwise <c>null</c>.</summary>
    public static DnsAccountDraft? Need(DnsAccountDraft draft, params string[] names) => draft.Has(names) ? draft : null;

    public DnsAccountDraft Set(string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            _settings[name] = value!.Trim();
        }

        return this;
    }

    public DnsAccountDraft Secret(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _secrets[name] = Encoding.UTF8.GetBytes(value!);
        }

        return this;
    }

    /// <summary>Whether each of these is there, as setting or secret.</summary>
    public bool Has(params string[] names) => System.Array.TrueForAll(names, name => _settings.ContainsKey(name) || _secrets.ContainsKey(name));
}
