using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Challenges.Preflights;

/// <summary>Whether somebody answers on port 80 of a name, where an authority fetches the file of http-01.</summary>
/// <param name="dns">Resolves the name.</param>
/// <param name="clock">For the time limit.</param>
/// <param name="endPointOf">Where port 80 of an address is reached.</param>
internal sealed class WebPortCheck(DnsClient dns, Clock clock, Func<IPAddress, IPEndPoint> endPointOf)
{
    private const string Check = "Port80";

    private static readonly TimeSpan ConnectTimeLimit = TimeSpan.FromSeconds(5);

    /// <summary>What was found; <c>null</c> when all is well.</summary>
    public async Task<PreflightFinding?> RunAsync(IReadOnlyList<IPEndPoint> resolvers, DomainName name, bool answersItself, CancellationToken cancellationToken)
    {
        List<IPAddress> addresses;
        try
        {
            addresses = await AddressesAsync(resolvers, name, cancellationToken).ConfigureAwait(false);
        }
        catch (DnsException error)
        {
            return new PreflightFinding(Check, name.Ascii, PreflightSeverity.Problem, $"The address of {name} cannot be found: {error.Message}", "Check the A and AAAA records of the name.");
        }

        if (addresses.Count == 0)
        {
            return new PreflightFinding(Check, name.Ascii, PreflightSeverity.Problem, $"{name} has no address, so no file can be fetched from there.", "Add an A or AAAA record, or prove the name with dns-01.");
        }

        if (answersItself)
        {
            return null; // nobody is there until the proof is due
        }

        (IPAddress Address, string? Problem)[] tried = await Task.WhenAll(addresses.Where(LocalNetwork.CanReach)
            .Select(async a => (a, await TryAsync(a, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        List<(IPAddress Address, string? Problem)> failed = [.. tried.Where(t => t.Problem is not null)];
        return failed.Count == 0
            ? null
            : new PreflightFinding(
                Check,
                name.Ascii,
                PreflightSeverity.Warning,
                $"Port 80 of {name} cannot be reached from here: {string.Join("; ", failed.Select(f => $"{f.Address} {f.Problem}"))}.",
                failed.Count < tried.Length
                    ? "Have every address of the name answer, or take its record away: authorities try IPv6 first, and may choose any of several."
                    : "Open port 80 to the world, or prove the name with dns-01. Behind some routers a machine cannot see itself from outside; then this means nothing.");
    }

    private async Task<List<IPAddress>> AddressesAsync(IReadOnlyList<IPEndPoint> resolvers, DomainName name, CancellationToken cancellationToken)
    {
        if (name.Kind == DomainNameKind.IpAddress)
        {
            return [IPAddress.Parse(name.Ascii)];
        }

        IReadOnlyList<DnsRecord>[] records = await Task.WhenAll(
            new[] { DnsType.A, DnsType.Aaaa }.Select(type => dns.ResolveAsync(resolvers, DnsName.Parse(name.BaseName), type, cancellationToken))).ConfigureAwait(false);
        return [.. records.SelectMany(r => r).Where(r => r.Data.Length is 4 or 16).Select(r => new IPAddress(r.Data))];
    }

    private async Task<string?> TryAsync(IPAddress address, CancellationToken cancellationToken)
    {
        try
        {
            return await TimeLimit.RunAsync(clock, ConnectTimeLimit, token => ConnectAsync(endPointOf(address), token), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return $"gives no answer within {ConnectTimeLimit.TotalSeconds:0} seconds";
        }
    }

    private static async Task<string?> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        using TcpClient client = new(endPoint.AddressFamily);
        using CancellationTokenRegistration giveUp = cancellationToken.Register(client.Dispose);
        try
        {
            await client.ConnectAsync(endPoint.Address, endPoint.Port).ConfigureAwait(false);
            return null;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused ? "refuses the connection" : $"cannot be connected to ({error.SocketErrorCode})";
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
