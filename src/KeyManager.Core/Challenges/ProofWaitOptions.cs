using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Dns;

namespace KeyManager.Challenges;

/// <summary>How it is waited until a proof can be seen.</summary>
public sealed record ProofWaitOptions
{
    /// <summary>How long at most.</summary>
    public required TimeSpan Maximum { get; init; }

    /// <summary>How long in any case, also when nobody is asked; nothing is looked at before. Default: not at all.</summary>
    public TimeSpan Minimum { get; init; }

    /// <summary>DNS server to ask for records, address with optional port; <c>null</c> for every server of the zone, <see cref="SolverContext.NoResolver"/> for nobody. Files do not care.</summary>
    public string? Resolver { get; init; }

    /// <summary>DNS servers, addresses with optional port, that have to see a record too once the servers of its zone, or the resolver, have it.</summary>
    public IReadOnlyList<string> AlsoVisibleAt { get; init; } = [];

    /// <summary>What a solver without settings of its own waits by.</summary>
    public static ProofWaitOptions Of(SolverContext context, TimeSpan timeout) => new() { Maximum = timeout, Resolver = Guard.NotNull(context).Resolver };

    /// <summary>What the settings of a DNS account (<see cref="DnsSettings.OfAll"/>) say; the resolver of the order wins over that of the account.</summary>
    /// <param name="context">The order.</param>
    /// <param name="settings">The account's settings.</param>
    /// <param name="usualSeconds">Longest time that the service usually takes (<see cref="DnsProviderDescription.PropagationSeconds"/>); <c>null</c> where that is not known.</param>
    /// <param name="timeout">How long the caller is ready to wait; the service's usual time goes before it where that is longer.</param>
    public static ProofWaitOptions Of(SolverContext context, IReadOnlyDictionary<string, string> settings, int? usualSeconds, TimeSpan timeout)
    {
        Guard.NotNull(settings);
        TimeSpan minimum = Seconds(settings, DnsSettings.PropagationMinimum) ?? TimeSpan.Zero;
        TimeSpan maximum = Seconds(settings, DnsSettings.PropagationMaximum) ?? (usualSeconds is int usual && usual > timeout.TotalSeconds ? TimeSpan.FromSeconds(usual) : timeout);
        return new ProofWaitOptions
        {
            // Both are the user's words; a floor above the ceiling still leaves time for a look.
            Maximum = maximum > minimum ? maximum : minimum + TimeSpan.FromSeconds(1),
            Minimum = minimum,
            Resolver = Guard.NotNull(context).Resolver ?? Text(settings, DnsSettings.Resolver),
            AlsoVisibleAt = [.. (Text(settings, DnsSettings.AlsoVisibleAt) ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries).Select(s => s.Trim())],
        };
    }

    private static string? Text(IReadOnlyDictionary<string, string> settings, string name) =>
        settings.TryGetValue(name, out string? value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private static TimeSpan? Seconds(IReadOnlyDictionary<string, string> settings, string name) =>
        int.TryParse(Text(settings, name), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds) : null;
}
