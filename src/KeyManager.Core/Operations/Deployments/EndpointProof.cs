using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Operations;

/// <summary>Looks whether endpoints serve a certificate with all of its chain.</summary>
internal sealed class EndpointProof(KeyManagerPorts ports)
{
    // A service on the same net answers in milliseconds; one that does not run must not hold a deployment up for long.
    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>One look at each endpoint.</summary>
    public Task<IReadOnlyList<EndpointSight>> LookAsync(IReadOnlyList<Endpoint> endpoints, DeployContent content, CancellationToken cancellationToken) =>
        Hosting.Concurrent.SelectAsync(endpoints, 8, endpoint => LookAsync(endpoint, content, cancellationToken), cancellationToken);

    /// <summary>Looks until all endpoints serve it twice in a row: while a service reloads, its old processes still answer some connections.</summary>
    /// <returns>The last sights; all are right, or the time is over.</returns>
    public async Task<IReadOnlyList<EndpointSight>> WaitAsync(
        IReadOnlyList<Endpoint> endpoints, DeployContent content, TimeSpan limit, Action keep, CancellationToken cancellationToken)
    {
        DateTimeOffset end = ports.Clock.UtcNow + limit;
        TimeSpan pause = FirstPause;
        int inARow = 0;
        while (true)
        {
            keep();
            IReadOnlyList<EndpointSight> sights = await LookAsync(endpoints, content, cancellationToken).ConfigureAwait(false);
            inARow = sights.All(s => s.IsRight) ? inARow + 1 : 0;
            if (inARow == 2 || (inARow == 0 && ports.Clock.UtcNow >= end))
            {
                return sights;
            }

            await ports.Clock.DelayAsync(pause, cancellationToken).ConfigureAwait(false);
            pause = pause + pause < LongestPause ? pause + pause : LongestPause;
        }
    }

    private async Task<EndpointSight> LookAsync(Endpoint endpoint, DeployContent content, CancellationToken cancellationToken)
    {
        try
        {
            ServedCertificate served = await ports.Endpoints!.AskAsync(endpoint, LookTime, cancellationToken).ConfigureAwait(false); // plans have endpoints only with a probe
            CertificateContent shown = ports.Certificates.Parse(served.Certificate);
            if (!Enumerable.SequenceEqual(shown.Der, content.Certificate.RawData))
            {
                return new EndpointSight(endpoint, false, true, $"{endpoint} serves serial number {shown.SerialNumber} ({shown.Subject}, until {shown.NotAfter:yyyy-MM-dd})");
            }

            int missing = content.Chain.Count(wanted => !served.Chain.Any(sent => Enumerable.SequenceEqual(sent, wanted)));
            return missing > 0
                ? new EndpointSight(endpoint, false, true, $"{endpoint} serves serial number {shown.SerialNumber} without {missing} of the {content.Chain.Count} certificates above it")
                : new EndpointSight(endpoint, true, true, $"{endpoint} serves serial number {shown.SerialNumber} with {content.Chain.Count} certificates above it ({served.TlsVersion}{(served.WantsClientCertificate ? "; it lets in only who has a certificate" : "")})");
        }
        catch (TransportException error)
        {
            return new EndpointSight(endpoint, false, false, error.Message);
        }
    }
}
