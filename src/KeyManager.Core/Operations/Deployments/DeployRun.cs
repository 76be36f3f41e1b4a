using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>One certificate to one target: upload, switch, reload, prove; and back, when one of these fails. Each step is written down before it is taken.</summary>
internal sealed class DeployRun(KeyManagerPorts ports, DeployPlan plan, DeployOptions options, IReporter reporter)
{
    // Ctrl-C waits so long for clean-up, and no longer.
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(30);

    // Nobody waits at a prompt: the service may take its time to come back.
    private static readonly TimeSpan WayBackTime = TimeSpan.FromMinutes(10);

    private readonly EndpointProof _proof = new(ports);
    private readonly List<string> _evidence = [];
    private readonly DeployContext _context = DeployAccess.Context(ports.Store, plan.Target, reporter, options.Scripts);
    private readonly IDeployKind _kind = ports.DeployKinds.Get(plan.Target.Kind);
    private readonly IReadOnlyList<Endpoint> _endpoints = ports.Endpoints is null ? [] : plan.Endpoints;
    private bool _isHeld;

    /// <summary>Deploys; what goes wrong is in the answer.</summary>
    public async Task<Deployment> RunAsync(CancellationToken cancellationToken)
    {
        Deployment deployment = New();
        try
        {
            using Lease lease = await Lease.OnTargetAsync(ports, plan.Target, cancellationToken).ConfigureAwait(false);
            _isHeld = true;
            using DeployContent content = Content();
            return await RunAsync(deployment, content, lease, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyManagerException error)
        {
            return End(Failed(deployment, DeploymentStatus.Failed, error), _isHeld);
        }
    }

    private async Task<Deployment> RunAsync(Deployment deployment, DeployContent content, Lease lease, CancellationToken cancellationToken)
    {
        IReadOnlyList<Deployment> history = ports.Store.Read(session => session.Deployments.List(plan.Target.Id, plan.Certificate.LineageId));
        Deployment? broken = history.FirstOrDefault(d => d.Step != DeploymentStep.Ended);
        reporter.Progress(new ProgressReport($"Deploying {plan.Certificate.Name}", plan.Target.Name));
        using IDeploySession session = await _kind.OpenAsync(_context, plan, content, cancellationToken).ConfigureAwait(false);
        if (!options.Force && broken is null && await session.IsInPlaceAsync(history.FirstOrDefault(d => d.IsInPlace), cancellationToken).ConfigureAwait(false))
        {
            IReadOnlyList<EndpointSight> sights = await _proof.LookAsync(_endpoints, content, cancellationToken).ConfigureAwait(false);
            if (sights.All(s => s.IsRight || !s.IsReachable))
            {
                return AsBefore(deployment, history, sights);
            }
        }

        // What a killed process has kept of the version before it is still the last good one.
        deployment = session.Lay(deployment with
        {
            Files = broken is { Step: >= DeploymentStep.Switching } ? broken.Files : [],
            State = broken?.State ?? deployment.State,
        });
        ports.Store.Write(s =>
        {
            foreach (Deployment old in history.Where(d => d.Step != DeploymentStep.Ended))
            {
                s.Deployments.Put(old with { Step = DeploymentStep.Ended, Status = DeploymentStatus.Superseded, Files = [], UpdatedAt = ports.Clock.UtcNow });
            }

            s.Deployments.Put(deployment);
        });
        await ClearAsync(session, broken, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<EndpointSight> before = await _proof.LookAsync(_endpoints, content, cancellationToken).ConfigureAwait(false);
        _evidence.AddRange(before.Select(s => "Before: " + s.Text));
        deployment = await PutAsync(deployment, session, content, before, lease, cancellationToken).ConfigureAwait(false);
        if (deployment.IsInPlace)
        {
            await ForgetOlderAsync(session, history, cancellationToken).ConfigureAwait(false);
        }

        return deployment;
    }

    private async Task<Deployment> PutAsync(
        Deployment deployment, IDeploySession session, DeployContent content, IReadOnlyList<EndpointSight> before, Lease lease, CancellationToken cancellationToken)
    {
        try
        {
            deployment = Journal(deployment, DeploymentStep.Uploading, lease);
            deployment = await session.PrepareAsync(deployment, cancellationToken).ConfigureAwait(false);
            deployment = Journal(deployment, DeploymentStep.Switching, lease);
            await session.SwitchAsync(deployment, cancellationToken).ConfigureAwait(false);
            _evidence.AddRange(deployment.Files.Select(f => $"Wrote {f.Path} ({f.Content})"));
            deployment = Journal(deployment, DeploymentStep.Reloading, lease);
            _evidence.AddRange(await session.ActivateAsync(deployment, true, cancellationToken).ConfigureAwait(false));
            deployment = Journal(deployment, DeploymentStep.Proving, lease);
            return End(await ProveAsync(deployment, content, before, lease, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception error) when (deployment.Step <= DeploymentStep.Uploading)
        {
            // Nothing that a service reads has changed.
            await DiscardAsync(session, deployment).ConfigureAwait(false);
            Deployment failed = End(error is KeyManagerException known
                ? Failed(deployment, DeploymentStatus.Failed, known)
                : deployment with { Status = DeploymentStatus.Failed, Problem = "It was stopped." });
            return error is KeyManagerException ? failed : throw Again(error);
        }
        catch (Exception error)
        {
            Deployment back = deployment;
            await CleanUp.RunAsync(async token => back = await RollBackAsync(deployment, session, content, error, token).ConfigureAwait(false), cancellationToken.IsCancellationRequested ? CleanUpTime : WayBackTime).ConfigureAwait(false);
            return error is KeyManagerException ? back : throw Again(error);
        }
    }

    private async Task<Deployment> ProveAsync(Deployment deployment, DeployContent content, IReadOnlyList<EndpointSight> before, Lease lease, CancellationToken cancellationToken)
    {
        if (_endpoints.Count == 0)
        {
            return deployment with { Status = DeploymentStatus.DeployedUnverified, Remedy = $"Say where the service answers: Set-KmDeployTarget {plan.Target.Name} -Endpoint host:port" };
        }

        TimeSpan limit = TimeSpan.FromSeconds(int.Parse(_context.Setting(DeploySettings.ProofSeconds) ?? "20", CultureInfo.InvariantCulture));
        IReadOnlyList<EndpointSight> sights = await _proof.WaitAsync(_endpoints, content, limit, lease.Keep, cancellationToken).ConfigureAwait(false);
        _evidence.AddRange(sights.Select(s => s.Text));
        if (sights.All(s => s.IsRight))
        {
            return deployment with { Status = DeploymentStatus.Deployed };
        }

        // What could not be reached before either says nothing about the new certificate.
        bool nobodyCanLook = sights.Where(s => !s.IsRight).All(s => !s.IsReachable && before.Any(b => b.Endpoint == s.Endpoint && !b.IsReachable));
        return nobodyCanLook
            ? deployment with
            {
                Status = DeploymentStatus.DeployedUnverified,
                Remedy = $"The endpoint could not be reached before either. Start the service, then look with Test-KmCertificate {plan.Certificate.Name} -DeployTarget {plan.Target.Name}.",
            }
            : throw new DeploymentException(ErrorIds.CertificateNotServed, $"After {limit.TotalSeconds:0} s {string.Join("; ", sights.Where(s => !s.IsRight).Select(s => s.Text))}.")
            {
                Target = plan.Target.Name,
                Remedy = "See that the service's configuration names the files of the target, that the reload command reaches it, and that no other machine or proxy answers at the endpoint.",
            };
    }

    private async Task<Deployment> RollBackAsync(Deployment deployment, IDeploySession session, DeployContent content, Exception error, CancellationToken cancellationToken)
    {
        deployment = deployment with
        {
            ErrorId = (error as KeyManagerException)?.ErrorId,
            Problem = error is KeyManagerException ? error.Message : "It was stopped.",
            Remedy = (error as KeyManagerException)?.Remedy,
        };
        bool wasReloaded = deployment.Step > DeploymentStep.Reloading || (deployment.Step == DeploymentStep.Reloading && deployment.ErrorId != ErrorIds.ConfigurationTestFailed);
        reporter.Verbose($"Going back on {plan.Target.Name}: {deployment.Problem}");
        deployment = Journal(deployment, DeploymentStep.RollingBack, null);
        try
        {
            await RestoreAsync(deployment, session, content, wasReloaded, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception worse) when (worse is KeyManagerException or OperationCanceledException)
        {
            // Its step says that it is not over: the next deployment to the target begins with what this one kept.
            string left = string.Join(", ", deployment.Files.Where(f => f.PreviousPath is not null).Select(f => $"{f.PreviousPath} (was {f.Path})"));
            return Store(deployment with
            {
                Status = DeploymentStatus.Failed,
                ErrorId = ErrorIds.RollbackFailed,
                Problem = $"{deployment.Problem} And what was there before could not be put back: {worse.Message}",
                Remedy = $"Mend the cause and deploy again. {(left.Length == 0 ? "" : $"What was there before is kept: {left}. ")}{deployment.Remedy}",
            });
        }

        IReadOnlyList<EndpointSight> after = await _proof.LookAsync(_endpoints, content, cancellationToken).ConfigureAwait(false);
        _evidence.AddRange(after.Select(s => "After going back: " + s.Text));
        return End(deployment with { Status = DeploymentStatus.RolledBack });
    }

    /// <summary>On the same connection, or when that is lost, on a new one.</summary>
    private async Task RestoreAsync(Deployment deployment, IDeploySession session, DeployContent content, bool reload, CancellationToken cancellationToken)
    {
        try
        {
            await RestoreAsync(deployment, session, reload, cancellationToken).ConfigureAwait(false);
        }
        catch (TransportException)
        {
            using IDeploySession again = await _kind.OpenAsync(_context, plan, content, cancellationToken).ConfigureAwait(false);
            await RestoreAsync(deployment, again, reload, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RestoreAsync(Deployment deployment, IDeploySession session, bool reload, CancellationToken cancellationToken)
    {
        await session.RestoreAsync(deployment, cancellationToken).ConfigureAwait(false);
        _evidence.AddRange(deployment.Files.Select(f => f.PreviousPath is null ? $"Took {f.Path} away" : $"Put {f.Path} back"));
        if (reload)
        {
            _evidence.AddRange(await session.ActivateAsync(deployment, false, cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task DiscardAsync(IDeploySession session, Deployment deployment)
    {
        try
        {
            await CleanUp.RunAsync(token => session.DiscardAsync(deployment, token), CleanUpTime).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KeyManagerException or OperationCanceledException)
        {
            reporter.Warn($"What was written beside on {plan.Target.Name} could not be taken away: {error.Message}");
        }
    }

    /// <summary>What a killed process wrote beside and did not put in place.</summary>
    private async Task ClearAsync(IDeploySession session, Deployment? broken, CancellationToken cancellationToken)
    {
        if (broken is not null)
        {
            _evidence.Add($"Went on after a deployment of version {broken.Version} that had stopped at the step {broken.Step}");
            await session.DiscardAsync(broken, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ForgetOlderAsync(IDeploySession session, IReadOnlyList<Deployment> history, CancellationToken cancellationToken)
    {
        // The one that has just ended keeps one version itself.
        foreach (Deployment old in history.Where(d => d.Files.Any(f => f.PreviousPath is not null)).Skip(Math.Max(plan.KeepVersions - 1, 0)))
        {
            try
            {
                await session.ForgetAsync(old, cancellationToken).ConfigureAwait(false);
                ports.Store.Write(s => s.Deployments.Put(old with { Files = [.. old.Files.Select(f => f with { PreviousPath = null })] }));
            }
            catch (KeyManagerException error)
            {
                reporter.Warn($"An earlier version on {plan.Target.Name} could not be taken away: {error.Message}");
                return;
            }
        }
    }

    private Deployment AsBefore(Deployment deployment, IReadOnlyList<Deployment> history, IReadOnlyList<EndpointSight> sights)
    {
        bool isSeen = sights.Count > 0 && sights.All(s => s.IsRight);
        Deployment known = history.FirstOrDefault(d => d.IsInPlace && d.CertificateId == plan.Certificate.Id) ?? deployment;
        Deployment same = known with
        {
            Step = DeploymentStep.Ended,
            Status = isSeen ? DeploymentStatus.Deployed : DeploymentStatus.DeployedUnverified,
            IsChanged = false,
            Evidence = ["All of it is in place already", .. sights.Select(s => s.Text)],
            UpdatedAt = ports.Clock.UtcNow,
        };
        ports.Store.Write(session => session.Deployments.Put(same));
        return same;
    }

    private Deployment Journal(Deployment deployment, DeploymentStep step, Lease? lease)
    {
        lease?.Keep();
        reporter.Verbose($"{plan.Target.Name}: {step}");
        return Store(deployment with { Step = step });
    }

    private Deployment Store(Deployment deployment)
    {
        Deployment now = deployment with { Evidence = [.. _evidence], UpdatedAt = ports.Clock.UtcNow };
        ports.Store.Write(session => session.Deployments.Put(now));
        return now;
    }

    private Deployment End(Deployment deployment, bool store = true)
    {
        Deployment ended = deployment with { Step = DeploymentStep.Ended, Evidence = [.. _evidence], UpdatedAt = ports.Clock.UtcNow };
        ports.Store.Write(session =>
        {
            if (store)
            {
                session.Deployments.Put(ended);
                if (ended.IsInPlace)
                {
                    foreach (Deployment older in session.Deployments.List(ended.TargetId, ended.LineageId).Where(d => d.IsInPlace && d.Id != ended.Id))
                    {
                        session.Deployments.Put(older with { Status = DeploymentStatus.Superseded });
                    }
                }
            }

            session.Audit.Append(new AuditEntry(
                "Deployment",
                (ended.IsInPlace ? "Certificate" : "Deployment") + ended.Status,
                ended.Id,
                ended.ToString(),
                $"serial {ended.SerialNumber}{(ended.ErrorId is null ? "" : $", {ended.ErrorId}: {ended.Problem}")}{(_evidence.Count == 0 ? "" : $"; {_evidence[_evidence.Count - 1]}")}",
                ended.IsInPlace));
        });
        return ended;
    }

    private static Deployment Failed(Deployment deployment, DeploymentStatus status, KeyManagerException error) =>
        deployment with { Status = status, ErrorId = error.ErrorId, Problem = error.Message, Remedy = error.Remedy };

    // With the stack that it came with.
    private static Exception Again(Exception error)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(error).Throw();
        return error;
    }

    private DeployContent Content() => ports.Store.Read(session =>
    {
        IReadOnlyList<byte[]> chain = [.. session.Certificates.GetChain(plan.Certificate.Id).Where(der => !ports.Certificates.Parse(der).IsSelfSigned)];
        KeyPair? key = plan.Certificate.PrivateKeyId is string id ? Lookup.KeyPair(session, ports.Keys, id) : null;
        return new DeployContent(plan.Certificate, chain, key, ports.Keys, ports.Certificates);
    });

    private Deployment New() => new()
    {
        Id = Identifier.New(),
        TargetId = plan.Target.Id,
        Target = plan.Target.Name,
        LineageId = plan.Certificate.LineageId,
        CertificateId = plan.Certificate.Id,
        Name = plan.Certificate.Name,
        Version = plan.Certificate.Version,
        SerialNumber = plan.Certificate.SerialNumber,
        StartedAt = ports.Clock.UtcNow,
        UpdatedAt = ports.Clock.UtcNow,
    };
}
