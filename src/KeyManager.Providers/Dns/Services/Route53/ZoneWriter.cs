using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>
/// Makes the changes of one zone, as a rule in one request and without reading. Each batch deletes sets exactly as they are thought to be and creates sets only where none is, so
/// Route 53 refuses it when anybody changed one of them; then the names in question are read and it is tried again.
/// </summary>
internal sealed class ZoneWriter(DnsContext context, Route53Client client, Clock clock, HostedZone zone)
{
    /// <summary>How often a batch is made anew.</summary>
    public const int Rounds = 10;

    // The limits of a request: ResourceRecord elements, and characters of all Value elements.
    private const int MostRecords = 1000;
    private const int MostCharacters = 32000;

    private static readonly Regex NameInMessage = new(@"(?:name='|DNS name )(?<name>[^'\s,\]]+)", RegexOptions.CultureInvariant);

    /// <summary>Makes the changes.</summary>
    /// <returns>The identifiers of the changes at Route 53.</returns>
    public async Task<IReadOnlyList<string>> WriteAsync(IEnumerable<NameChange> changes, CancellationToken cancellationToken)
    {
        List<string> ids = [];
        List<NameChange> waiting = [.. changes];
        int refusals = 0;
        while (waiting.Count > 0)
        {
            (int count, List<RecordSetChange> batch) = Pack(waiting);
            List<NameChange> sent = waiting.GetRange(0, count);
            (string? id, AwsError? refusal) = batch.Count == 0 ? (null, null) : await client.ChangeAsync(zone, batch, cancellationToken).ConfigureAwait(false);
            if (refusal is not null)
            {
                await LearnAsync(sent, refusal, ++refusals, cancellationToken).ConfigureAwait(false);
                continue;
            }

            refusals = 0;
            waiting.RemoveRange(0, count);
            if (id is not null)
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    // As many names from the front as one request may hold; what one name needs stays in one request, or it would not be safe.
    private (int Count, List<RecordSetChange> Batch) Pack(List<NameChange> waiting)
    {
        List<RecordSetChange> batch = [];
        int records = 0;
        int characters = 0;
        for (int i = 0; i < waiting.Count; i++)
        {
            IReadOnlyList<RecordSetChange> more = waiting[i].Plan();
            records += more.Sum(c => c.Records);
            characters += more.Sum(c => c.Characters);
            if (records > MostRecords || characters > MostCharacters)
            {
                return i > 0 ? (i, batch) : throw ServiceErrors.RecordSetFull(
                    context, waiting[0].Name, $"replacing its values takes {records} records of {characters} characters, and a request to Route 53 holds {MostRecords} of {MostCharacters}");
            }

            batch.AddRange(more);
        }

        return (waiting.Count, batch);
    }

    private async Task LearnAsync(List<NameChange> sent, AwsError refusal, int refusals, CancellationToken cancellationToken)
    {
        bool isGuessed = sent.Exists(c => !c.IsKnown);
        if (!isGuessed && (refusals > Rounds || !IsOfOthers(refusal)))
        {
            throw ServiceErrors.Refused(
                context, $"change the zone {zone.Name}", refusal.Said, refusals > Rounds ? "Another program changes the same names all the time. Run the command again later." : null, isTransient: refusals > Rounds);
        }

        if (!isGuessed)
        {
            // Somebody else was faster. Whoever it was waits another time than we do.
            await clock.DelayAsync(TimeSpan.FromMilliseconds((100 * refusals) + SecureRandomness.Generator.Next(200)), cancellationToken).ConfigureAwait(false);
        }

        // The first time only the names that it complains of are read; but it may not name all of them.
        HashSet<string> named = [.. refusal.Messages.SelectMany(m => NameInMessage.Matches(m).Cast<Match>()).Select(m => RecordNames.Decode(m.Groups["name"].Value))];
        List<NameChange> wrong = refusals > 1 ? [] : sent.FindAll(c => named.Contains(c.Name));
        context.Reporter.Verbose($"The zone {zone.Name} is not as expected: {refusal.Said}");
        await RecordReader.ReadAsync(client, zone, wrong.Count > 0 ? wrong : sent, cancellationToken).ConfigureAwait(false);
    }

    // What Route 53 says when a set is not, or no longer, as the batch has it.
    private static bool IsOfOthers(AwsError refusal) => refusal.Messages.All(m =>
        m.IndexOf("already exists", StringComparison.OrdinalIgnoreCase) >= 0
        || m.IndexOf("was not found", StringComparison.OrdinalIgnoreCase) >= 0
        || m.IndexOf("do not match the current values", StringComparison.OrdinalIgnoreCase) >= 0
        || m.IndexOf("rrset exists", StringComparison.OrdinalIgnoreCase) >= 0
        || m.IndexOf("conflicts with other records", StringComparison.OrdinalIgnoreCase) >= 0);
}
