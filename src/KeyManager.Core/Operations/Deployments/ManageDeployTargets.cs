using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>The targets that certificates are deployed to: add, change, try out, remove.</summary>
public sealed class ManageDeployTargets(KeyManagerPorts ports)
{
    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(10);

    /// <summary>The target that a user means, by id or name.</summary>
    /// <exception cref="NotFoundException">KmDeployTargetNotFound.</exception>
    public DeployTarget Resolve(string idOrName) => ports.Store.Read(session => DeployAccess.Target(session, idOrName));

    /// <summary>All, by name.</summary>
    public IReadOnlyList<DeployTarget> List() => ports.Store.Read(session => session.DeployTargets.List());

    /// <summary>What is deployed to a target, newest first; what was, too.</summary>
    public IReadOnlyList<Deployment> Deployments(string targetId) => ports.Store.Read(session => session.Deployments.List(targetId, null));

    /// <summary>Stores a target with its secrets, after what can be checked without it.</summary>
    /// <exception cref="ConflictException">KmDeployTargetAlreadyExists.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    public DeployTarget Add(DeployTargetRequest request, IReporter reporter)
    {
        AdministratorRule.Check(ports, "make a target");
        IDeployKind kind = ports.DeployKinds.Get(request.Kind);
        IReadOnlyDictionary<string, byte[]> secrets = ProviderRules.CheckSecrets(kind.Description, request.Secrets.Where(s => s.Value.Length > 0));
        DeployTarget target = new()
        {
            Id = Identifier.New(),
            Name = request.Name,
            Kind = kind.Description.Name,
            Settings = SettingValues.WithoutEmpty(ProviderRules.CheckSettings(kind.Description, request.Settings)),
            Secrets = [.. secrets.Keys.OrderBy(name => name, StringComparer.Ordinal)],
            CreatedAt = ports.Clock.UtcNow,
            UpdatedAt = ports.Clock.UtcNow,
        };
        Check(kind, new DeployContext(target, name => secrets.TryGetValue(name, out byte[]? secret) ? (byte[])secret.Clone() : null, reporter));
        ports.Store.Write(session =>
        {
            session.DeployTargets.Add(target);
            StoredSecrets.Put(session, name => SecretRef.DeployTarget(target.Id, name), [], secrets);
            session.Audit.Append(new AuditEntry("DeployTarget", "DeployTargetAdded", target.Id, target.Name, target.Kind));
        });
        return target;
    }

    /// <summary>Changes settings and secrets; an empty value takes one away. The others stay.</summary>
    /// <exception cref="NotFoundException">KmDeployTargetNotFound.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidSetting, KmInvalidParameter, KmFileNotFound.</exception>
    public DeployTarget Update(string idOrName, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, byte[]> secrets, IReporter reporter)
    {
        AdministratorRule.Check(ports, "change a target");
        DeployTarget known = Resolve(idOrName);
        StoredSecrets.Fetch(ports.Store, name => SecretRef.DeployTarget(known.Id, name), known.Secrets, secrets);
        return ports.Store.Write(session =>
        {
            DeployTarget target = DeployAccess.Target(session, idOrName);
            IDeployKind kind = ports.DeployKinds.Get(target.Kind);
            Dictionary<string, string> merged = SettingValues.Merge(target.Settings, ProviderRules.CheckSettings(kind.Description, settings));
            DeployTarget changed = target with
            {
                Secrets = StoredSecrets.Put(session, name => SecretRef.DeployTarget(target.Id, name), target.Secrets, ProviderRules.CheckSecrets(kind.Description, secrets)),
                Settings = SettingValues.WithoutEmpty(merged),
                UpdatedAt = ports.Clock.UtcNow,
            };

            // What fails here leaves everything as it was: the whole is one transaction.
            Check(kind, new DeployContext(changed, name => session.Secrets.Get(SecretRef.DeployTarget(target.Id, name)), reporter));
            session.DeployTargets.Update(changed);
            session.Audit.Append(new AuditEntry("DeployTarget", "DeployTargetChanged", target.Id, target.Name, string.Join(", ", settings.Keys.Concat(secrets.Keys))));
            return changed;
        });
    }

    /// <summary>Forgets the target, its secrets and what was deployed there; at the target nothing changes.</summary>
    /// <param name="idOrName">Which.</param>
    /// <param name="evenInUse">Also one that a mapping or an order names; they then go without it.</param>
    /// <exception cref="ConflictException">KmDeployTargetInUse.</exception>
    public void Remove(string idOrName, bool evenInUse)
    {
        AdministratorRule.Check(ports, "remove a target");
        ports.Store.Write(session =>
        {
            DeployTarget target = DeployAccess.Target(session, idOrName);
            string? use = evenInUse ? null : UseOf(session, target);
            if (use is not null)
            {
                throw new ConflictException(ConflictKind.State, ErrorIds.DeployTargetInUse, $"The target {target} is needed by {use}.")
                {
                    Target = target.Name,
                    Remedy = "Change the mapping with Set-KmDomainMapping, or take the certificates away with Uninstall-KmCertificate first; or use -Force.",
                };
            }

            foreach (Deployment deployment in session.Deployments.List(target.Id, null))
            {
                session.Deployments.Remove(deployment.Id);
            }

            session.DeployTargets.Remove(target.Id);
            session.Secrets.RemoveAll("target", target.Id);
            session.Audit.Append(new AuditEntry("DeployTarget", "DeployTargetRemoved", target.Id, target.Name));
        });
    }

    /// <summary>Goes to the target, tries whether a deployment could be done, and leaves nothing; looks what its endpoints serve.</summary>
    /// <exception cref="NotFoundException">KmDeployTargetNotFound.</exception>
    public async Task<DeployTargetTest> TestAsync(string idOrName, IReporter reporter, IScriptRunner? scripts, CancellationToken cancellationToken)
    {
        DeployTarget target = Resolve(idOrName);
        IDeployKind kind = ports.DeployKinds.Get(target.Kind);
        DeployContext context = DeployAccess.Context(ports.Store, target, reporter, scripts);
        List<string> evidence = [];
        DeployTargetTest test = new() { DeployTarget = target.Name, Kind = target.Kind, Evidence = evidence };
        try
        {
            Check(kind, context);
            DeployPlan plan = kind.Plan(context, SampleOf(target));
            using (IDeploySession session = await kind.OpenAsync(context, plan, null, cancellationToken).ConfigureAwait(false))
            {
                evidence.AddRange(await session.TryAsync(cancellationToken).ConfigureAwait(false));
            }

            foreach (Endpoint endpoint in ports.Endpoints is null ? [] : plan.Endpoints)
            {
                evidence.Add(await LookAsync(endpoint, cancellationToken).ConfigureAwait(false));
            }

            return test;
        }
        catch (KeyManagerException error)
        {
            return test with { ErrorId = error.ErrorId, Problem = error.Message, Remedy = error.Remedy };
        }
    }

    private async Task<string> LookAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        try
        {
            ServedCertificate served = await ports.Endpoints!.AskAsync(endpoint, LookTime, cancellationToken).ConfigureAwait(false); // the caller has looked
            CertificateContent certificate = ports.Certificates.Parse(served.Certificate);
            return $"{endpoint} serves {certificate.Subject}, serial number {certificate.SerialNumber}, until {certificate.NotAfter:yyyy-MM-dd} ({served.TlsVersion})";
        }
        catch (TransportException error)
        {
            // A service that does not run yet is no fault of the target.
            return error.Message;
        }
    }

    /// <summary>The paths of a target need a name; any will do for a trial.</summary>
    private Certificate SampleOf(DeployTarget target) => ports.Store.Read(session =>
        session.Deployments.List(target.Id, null, 1).Select(d => session.Certificates.Find(d.CertificateId)).FirstOrDefault()) ?? new Certificate
        {
            Id = "",
            LineageId = "",
            Name = "km-test",
            Version = 1,
            DomainNames = [],
            Subject = "",
            Issuer = "",
            SerialNumber = "",
            Thumbprint = "",
            Sha256Thumbprint = "",
            NotBefore = ports.Clock.UtcNow,
            NotAfter = ports.Clock.UtcNow,
            KeyDescription = "",
            SignatureAlgorithm = "",
            CreatedAt = ports.Clock.UtcNow,
            RawData = [],
        };

    private static void Check(IDeployKind kind, DeployContext context)
    {
        ProviderRules.CheckWhole(kind.Description, context);
        kind.Check(context);
    }

    private static string? UseOf(IStoreSession session, DeployTarget target)
    {
        bool Names(IEnumerable<string> targets) => targets.Contains(target.Name, StringComparer.OrdinalIgnoreCase);
        return session.DomainMappings.List().FirstOrDefault(m => Names(m.DeployTargets)) is DomainMapping mapping
            ? $"the mapping of {mapping}"
            : session.Deployments.List(target.Id, null).FirstOrDefault(d => d.IsInPlace) is Deployment deployment ? $"the certificate {deployment.Name}, which is deployed there" : null;
    }
}
