using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Looks what services really serve now, and holds it against the inventory. Changes nothing.</summary>
public sealed class TestCertificate(KeyManagerPorts ports)
{
    private const int AtOnce = 16;

    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(10);

    /// <summary>The endpoints at which a target serves a certificate.</summary>
    /// <exception cref="NotFoundException">KmDeployTargetNotFound.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: the target has no endpoint.</exception>
    public IReadOnlyList<Endpoint> EndpointsOf(string target, Certificate certificate, IReporter reporter)
    {
        DeployTarget found = ports.Store.Read(session => DeployAccess.Target(session, target));
        IReadOnlyList<Endpoint> endpoints = ports.DeployKinds.Get(found.Kind).Plan(DeployAccess.Context(ports.Store, found, reporter, null), certificate).Endpoints;
        return endpoints.Count > 0 ? endpoints : throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The target {found} has no endpoint to look at.")
        {
            Target = found.Name,
            Remedy = $"Say where the service answers: Set-KmDeployTarget {found.Name} -Endpoint host:port; or name it here with -ComputerName.",
        };
    }

    /// <summary>Certificates that are in place at a target now, or all that go to any.</summary>
    public IReadOnlyList<(Certificate Certificate, string Target)> Deployed(string? target) => ports.Store.Read(session =>
    {
        string? id = target is null ? null : DeployAccess.Target(session, target).Id;
        return (IReadOnlyList<(Certificate, string)>)
        [
            .. session.Deployments.List(id, null).Where(d => d.IsInPlace)
                .Select(d => (session.Certificates.Find(d.CertificateId), d.Target)).Where(found => found.Item1 is not null).Select(found => (found.Item1!, found.Target)), // looked at just before
        ];
    });

    /// <summary>Looks at endpoints, side by side.</summary>
    /// <param name="endpoints">Where.</param>
    /// <param name="certificate">What should be served: the current version of its entry. <c>null</c> takes the entry that what is served belongs to.</param>
    /// <param name="target">Name of the target, for the answer; <c>null</c> for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<IReadOnlyList<CertificateTest>> RunAsync(IReadOnlyList<Endpoint> endpoints, Certificate? certificate, string? target, CancellationToken cancellationToken) =>
        Concurrent.SelectAsync(endpoints, AtOnce, endpoint => LookAsync(endpoint, certificate, target, cancellationToken), cancellationToken);

    private async Task<CertificateTest> LookAsync(Endpoint endpoint, Certificate? certificate, string? target, CancellationToken cancellationToken)
    {
        CertificateTest test = new() { Endpoint = endpoint.ToString(), ServerName = endpoint.ServerName ?? endpoint.Host, DeployTarget = target, Name = certificate?.Name };
        IEndpointProbe probe = ports.Endpoints ?? throw new InvalidOperationException("No probe was composed.");
        ServedCertificate served;
        try
        {
            served = await probe.AskAsync(endpoint, LookTime, cancellationToken).ConfigureAwait(false);
        }
        catch (TransportException error)
        {
            return test with { Problem = error.Message };
        }

        CertificateContent shown = ports.Certificates.Parse(served.Certificate);
        Certificate? known = ports.Store.Stream(new CertificateQuery { Thumbprint = shown.Thumbprint, IncludeHistory = true }).FirstOrDefault();
        Certificate? current = certificate is null && known is null ? null : ports.Store.Read(session => session.Certificates.FindCurrent((certificate ?? known!).Name)); // one of them is there
        test = test with
        {
            Name = current?.Name ?? certificate?.Name,
            SerialNumber = current?.SerialNumber,
            ServedSerialNumber = shown.SerialNumber,
            ServedSubject = shown.Subject,
            ServedNotAfter = shown.NotAfter,
            ServedVersion = known?.Version,
            ChainLength = served.Chain.Count,
            TlsVersion = served.TlsVersion,
        };
        return test with { Problem = ProblemOf(endpoint, shown, served, known, current) };
    }

    private string? ProblemOf(Endpoint endpoint, CertificateContent shown, ServedCertificate served, Certificate? known, Certificate? current)
    {
        if (shown.NotAfter <= ports.Clock.UtcNow)
        {
            return $"What {endpoint} serves ended {shown.NotAfter:yyyy-MM-dd}.";
        }

        if (current is null)
        {
            return $"What {endpoint} serves is not in the inventory.";
        }

        if (!string.Equals(shown.Sha256Thumbprint, current.Sha256Thumbprint, StringComparison.Ordinal))
        {
            return known?.LineageId == current.LineageId
                ? $"{endpoint} still serves version {known.Version} of {current.Name}; the current one is {current.Version}."
                : $"{endpoint} serves {shown.Subject} (serial number {shown.SerialNumber}), not {current.Name}.";
        }

        IReadOnlyList<byte[]> chain = ports.Store.Read(session => session.Certificates.GetChain(current.Id));
        int missing = chain.Count(der => !ports.Certificates.Parse(der).IsSelfSigned && !served.Chain.Any(sent => Enumerable.SequenceEqual(sent, der)));
        return missing == 0 ? null : $"{endpoint} serves {current.Name} without {missing} of the certificates above it.";
    }
}
