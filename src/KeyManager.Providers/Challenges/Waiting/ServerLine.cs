using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns;

namespace KeyManager.Providers.Challenges.Waiting;

/// <summary>One server of a zone, and what it has not shown yet.</summary>
/// <remarks>
/// A server gets the changes of a zone together. So one missing name is asked for, a different one every time, and the others only once that one is there: a look costs one
/// question as long as nothing has arrived.
/// </remarks>
internal sealed class ServerLine(IZoneWitness witness, NameServer server)
{
    private const int AtOnce = 4;

    private int _turn;

    /// <summary>The number of the last look; looks are numbered from 0.</summary>
    public int LastLook { get; private set; } = -1;

    /// <summary>True while a look goes on.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>What the server said last; <c>null</c> before it was asked.</summary>
    public ServerAnswer? LastAnswer { get; private set; }

    /// <summary>Asks for what was not shown yet.</summary>
    /// <param name="look">The number of the look.</param>
    /// <param name="names">The names in the zone.</param>
    /// <param name="gate">How much is asked at once, of all servers together.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task LookAsync(int look, IReadOnlyList<ProofSight> names, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        LastLook = look;
        List<(ProofSight Sight, DnsZone Zone)> left = [.. names.Where(s => !s.WasShownBy(server)).Select(s => (s, s.Zone!))];
        if (left.Count == 0)
        {
            return;
        }

        IsBusy = true;
        try
        {
            (ProofSight Sight, DnsZone Zone) first = left[_turn++ % left.Count];
            LastAnswer = await AskAsync(first.Sight, first.Zone, gate, cancellationToken).ConfigureAwait(false);
            if (LastAnswer.Kind == DnsAnswerKind.Present)
            {
                left.Remove(first);
                SemaphoreSlim own = new(AtOnce);
                await Task.WhenAll(left.Select(async other =>
                {
                    await own.WaitAsync(cancellationToken).ConfigureAwait(false);
                    try
                    {
                        _ = await AskAsync(other.Sight, other.Zone, gate, cancellationToken).ConfigureAwait(false);
                    }
                    finally
                    {
                        own.Release();
                    }
                })).ConfigureAwait(false);
            }
            else if (LastAnswer.Kind is DnsAnswerKind.Silent or DnsAnswerKind.Lame)
            {
                foreach ((ProofSight sight, _) in left)
                {
                    sight.PassOver(LastAnswer);
                }
            }
        }
        finally
        {
            IsBusy = false;
        }
    }

    private async Task<ServerAnswer> AskAsync(ProofSight sight, DnsZone zone, SemaphoreSlim gate, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ServerAnswer answer = await witness.AskAsync(zone, server, sight.RecordType, sight.Values, cancellationToken).ConfigureAwait(false);
            sight.Add(zone, answer);
            return answer;
        }
        finally
        {
            gate.Release();
        }
    }
}
