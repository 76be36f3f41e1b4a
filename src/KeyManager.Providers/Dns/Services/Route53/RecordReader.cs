using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Looks what is at names of a zone, with as few pages of its list as hold them: one, where the zone is small or one name is wanted.</summary>
internal static class RecordReader
{
    /// <summary>Tells each change what is at its name.</summary>
    public static async Task ReadAsync(Route53Client client, HostedZone zone, IReadOnlyList<NameChange> changes, CancellationToken cancellationToken)
    {
        Queue<IGrouping<string, NameChange>> waiting = new(RecordNames.Order(changes.GroupBy(c => c.Name), g => g.Key));
        bool few = waiting.Count == 1;
        while (waiting.Count > 0)
        {
            RecordSetPage page = await client.ListRecordSetsAsync(zone, new RecordSetStart(waiting.Peek().Key), few, cancellationToken).ConfigureAwait(false);
            List<RecordSet> sets = [.. page.Sets];

            // The sets of the first name may go on behind the page; then at least that name is read to its end.
            string first = waiting.Peek().Key;
            while (page.Next is not null && RecordNames.Decode(page.Next.Name) == first)
            {
                page = await client.ListRecordSetsAsync(zone, page.Next, few, cancellationToken).ConfigureAwait(false);
                sets.AddRange(page.Sets);
            }

            ILookup<string, RecordSet> byName = sets.ToLookup(s => s.Name);
            while (waiting.Count > 0 && (waiting.Peek().Key == first || page.Next is null || RecordNames.IsBefore(waiting.Peek().Key, page.Next.Name)))
            {
                foreach (NameChange change in waiting.Peek())
                {
                    change.Learn([.. byName[change.Name]]);
                }

                waiting.Dequeue();
            }
        }
    }
}
