using System.Collections.Generic;
using System.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Dns;

namespace KeyManager.Providers.Challenges.Waiting;

/// <summary>What is wrong with a proof, in words: a sentence with what each server said.</summary>
internal static class SightReport
{
    /// <summary>The problem; <c>null</c> when there is none.</summary>
    public static string? Describe(ProofSight sight)
    {
        if (sight.IsSeen)
        {
            return null;
        }

        if (sight.IsServed || sight.IsFile || sight.NeedsResolver || sight.Options.Resolver is not null || sight.Zone is null)
        {
            IReadOnlyDictionary<string, string> others = sight.OtherProblems;
            IEnumerable<string> lines = others.Select(o => sight.IsServed ? $"The servers of the zone have it, {o.Key} does not: {o.Value}" : o.Value);
            string passedOver = sight.IsServed || sight.Answers.Count == 0 ? "" : $" No server of the zone {sight.Zone!.Name} could be asked: {Lines(sight.Answers)}.";
            return others.Count > 0 ? string.Join(" ", lines) + passedOver : "There was no answer in time.";
        }

        DnsZone zone = sight.Zone;
        string place = zone.IsAlias ? $"{sight.Location}, an alias for {zone.RecordName}," : sight.Location;
        List<ServerAnswer> lacking = [.. sight.Answers.Where(a => a.Kind != DnsAnswerKind.Present)];
        List<NameServer> silent = [.. zone.Servers.Except(sight.Answers.Select(a => a.Server))];
        int having = sight.Answers.Count - lacking.Count;
        if (lacking.Count == 0)
        {
            return silent.Count == 0 ? "There was no answer in time." : $"Of {place} in the zone {zone.Name} say nothing in time: {string.Join(", ", silent)}.";
        }

        string rest = having == 0 ? "" : having == 1 ? "; the other one has it" : $"; {having} others have it";
        string late = silent.Count == 0 ? "" : $"; not asked in time: {string.Join(", ", silent)}";
        return $"Of {place} in the zone {zone.Name} say its servers: {Lines(lacking)}{rest}{late}.";
    }

    private static string Lines(IEnumerable<ServerAnswer> answers) => string.Join("; ", answers.Select(a => $"{a.Server} {a.Message}"));
}
