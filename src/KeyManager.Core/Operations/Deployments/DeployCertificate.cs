using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Brings certificates to targets and takes them away again. What goes wrong at one target is in its answer, and the others are done.</summary>
public sealed class DeployCertificate(KeyManagerPorts ports)
{
    /// <summary>Names of the targets that a certificate goes to: those that its order names, else those that the mappings of its names do; empty for none.</summary>
    public IReadOnlyList<string> TargetsOf(string certificateId) =>
        ports.Store.Read(session => DeployAccess.TargetsOf(session, Lookup.Certificate(session, certificateId)));

    /// <summary>The same for somebody who asked for a deployment.</summary>
    /// <exception cref="NotFoundException">KmDomainNotMapped.</exception>
    public IReadOnlyList<string> RequireTargetsOf(string certificateId)
    {
        IReadOnlyList<string> targets = TargetsOf(certificateId);
        Certificate certificate = ports.Store.Read(session => Lookup.Certificate(session, certificateId));
        return targets.Count > 0 ? targets : throw new NotFoundException(ErrorIds.DomainNotMapped, $"No target is named for {certificate.Name}, and its domains are mapped to none.")
        {
            Target = certificate.Name,
            Remedy = $"Name one with -DeployTarget, or map the domain once: Set-KmDomainMapping {certificate.DomainNames.Select(n => n.BaseName).FirstOrDefault()} -DeployTarget web01",
        };
    }

    /// <summary>What a deployment would do. The target is not asked.</summary>
    /// <exception cref="NotFoundException">KmDeployTargetNotFound.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public DeployPlan Plan(string certificateId, string target)
    {
        (Certificate certificate, DeployTarget found) = ports.Store.Read(session => (Lookup.Certificate(session, certificateId), DeployAccess.Target(session, target)));
        return ports.DeployKinds.Get(found.Kind).Plan(DeployAccess.Context(ports.Store, found, SilentReporter.Instance, null), certificate);
    }

    /// <summary>Does what was planned, at several targets side by side.</summary>
    public Task<IReadOnlyList<Deployment>> RunAsync(IReadOnlyList<DeployPlan> plans, DeployOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        Guard.NotNull(options);
        return Concurrent.SelectAsync(plans, Math.Max(options.ThrottleLimit, 1), plan => new DeployRun(ports, plan, options, reporter).RunAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Deploys a certificate to the targets that its order or the mappings of its names name; an empty answer when there are none.</summary>
    /// <remarks>A target that does not exist any more is a failed deployment of its own.</remarks>
    public async Task<IReadOnlyList<Deployment>> RunMappedAsync(string certificateId, DeployOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        List<DeployPlan> plans = [];
        List<Deployment> failed = [];
        foreach (string target in TargetsOf(certificateId))
        {
            try
            {
                plans.Add(Plan(certificateId, target));
            }
            catch (KeyManagerException error)
            {
                failed.Add(Unplanned(certificateId, target, error));
            }
        }

        return [.. await RunAsync(plans, options, reporter, cancellationToken).ConfigureAwait(false), .. failed];
    }

    /// <summary>What of a certificate is in place at targets.</summary>
    /// <param name="certificateId">Any version of the entry.</param>
    /// <param name="target">Only at this target; <c>null</c> for all.</param>
    public IReadOnlyList<Deployment> InPlace(string certificateId, string? target) => ports.Store.Read(session =>
    {
        Certificate certificate = Lookup.Certificate(session, certificateId);
        string? targetId = target is null ? null : DeployAccess.Target(session, target).Id;
        return (IReadOnlyList<Deployment>)[.. session.Deployments.List(targetId, certificate.LineageId).Where(d => d.IsInPlace || d.Step != DeploymentStep.Ended).GroupBy(d => d.TargetId).Select(g => g.First())];
    });

    /// <summary>Takes exactly that away which deployments of a certificate put onto a target.</summary>
    /// <exception cref="NotFoundException">KmCertificateNotDeployed, KmDeployTargetNotFound.</exception>
    /// <exception cref="DeploymentException">KmConfigurationTestFailed: the service does not do without it; it is still there.</exception>
    public async Task<Deployment> RemoveAsync(string certificateId, string target, DeployOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        (Certificate certificate, DeployTarget found) = ports.Store.Read(session => (Lookup.Certificate(session, certificateId), DeployAccess.Target(session, target)));
        using Lease lease = await Lease.OnTargetAsync(ports, found, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Deployment> all = ports.Store.Read(session => session.Deployments.List(found.Id, certificate.LineageId));
        Deployment last = all.FirstOrDefault(d => d.IsInPlace || d.Step != DeploymentStep.Ended) ?? throw new NotFoundException(ErrorIds.CertificateNotDeployed, $"{certificate.Name} is not deployed to {found}.")
        {
            Target = certificate.Name,
            Remedy = "Get-KmDeployTarget -Deployment shows what is deployed where.",
        };

        // The version that is there, which need not be the current one.
        DeployPlan plan = Plan(ports.Store.Read(session => session.Certificates.Find(last.CertificateId)) is null ? certificateId : last.CertificateId, found.Id);
        DeployContext context = DeployAccess.Context(ports.Store, found, reporter, options.Scripts);
        IReadOnlyList<string> evidence;
        using (IDeploySession session = await ports.DeployKinds.Get(found.Kind).OpenAsync(context, plan, null, cancellationToken).ConfigureAwait(false))
        {
            evidence = await session.RemoveAsync(all, cancellationToken).ConfigureAwait(false);
        }

        Deployment removed = last with { Status = DeploymentStatus.Removed, Step = DeploymentStep.Ended, Evidence = evidence, Files = [], UpdatedAt = ports.Clock.UtcNow };
        ports.Store.Write(session =>
        {
            foreach (Deployment old in all.Where(d => d.Id != last.Id && (d.Files.Count > 0 || d.Step != DeploymentStep.Ended)))
            {
                session.Deployments.Put(old with { Files = [], Step = DeploymentStep.Ended, Status = old.Step == DeploymentStep.Ended ? old.Status : DeploymentStatus.Superseded });
            }

            session.Deployments.Put(removed);
            session.Audit.Append(new AuditEntry("Deployment", "DeploymentRemoved", removed.Id, removed.ToString(), string.Join("; ", evidence)));
        });
        return removed;
    }

    private Deployment Unplanned(string certificateId, string target, KeyManagerException error) => ports.Store.Write(session =>
    {
        Certificate certificate = Lookup.Certificate(session, certificateId);
        Deployment deployment = new()
        {
            Id = Identifier.New(),
            TargetId = "",
            Target = target,
            LineageId = certificate.LineageId,
            CertificateId = certificate.Id,
            Name = certificate.Name,
            Version = certificate.Version,
            SerialNumber = certificate.SerialNumber,
            Status = DeploymentStatus.Failed,
            Step = DeploymentStep.Ended,
            IsChanged = false,
            ErrorId = error.ErrorId,
            Problem = error.Message,
            Remedy = error.Remedy,
            StartedAt = ports.Clock.UtcNow,
            UpdatedAt = ports.Clock.UtcNow,
        };
        session.Audit.Append(new AuditEntry("Deployment", "DeploymentFailed", deployment.Id, deployment.ToString(), $"{error.ErrorId}: {error.Message}", false));
        return deployment;
    });
}
