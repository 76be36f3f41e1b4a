using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Deployments;

/// <summary>Finds targets, brings a target and its secrets together, and says which targets serve a certificate.</summary>
public static class DeployAccess
{
    /// <summary>The target by id or name.</summary>
    /// <exception cref="NotFoundException">KmDeployTargetNotFound.</exception>
    public static DeployTarget Target(IStoreSession session, string idOrName) => Guard.NotNull(session).DeployTargets.Find(idOrName) ?? session.DeployTargets.FindByName(idOrName)
        ?? throw new NotFoundException(ErrorIds.DeployTargetNotFound, $"There is no target '{idOrName}'.")
        {
            Target = idOrName,
            Remedy = "Get-KmDeployTarget lists the targets; New-KmDeployTarget makes one.",
        };

    /// <summary>What a kind works with.</summary>
    public static DeployContext Context(IStore store, DeployTarget target, IReporter reporter, IScriptRunner? scripts) =>
        new(target, name => store.Read(session => session.Secrets.Get(SecretRef.DeployTarget(target.Id, name))), reporter, scripts);

    /// <summary>Names of the targets that a certificate goes to: those that its order names, else those that the mappings of its names do.</summary>
    public static IReadOnlyList<string> TargetsOf(IStoreSession session, Certificate certificate)
    {
        Guard.NotNull(certificate);
        CertificateOrder? order = certificate.OrderId is null ? null : Guard.NotNull(session).Orders.Find(certificate.OrderId);
        if (order?.DeployTargets.Count > 0)
        {
            return order.DeployTargets;
        }

        IReadOnlyList<DomainMapping> mappings = Guard.NotNull(session).DomainMappings.List();
        return [.. certificate.DomainNames.SelectMany(name => TargetsOf(mappings, name)).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Names of the targets that the mapping of a name, or the one for everything, names.</summary>
    public static IReadOnlyList<string> TargetsOf(IReadOnlyList<DomainMapping> mappings, DomainName name)
    {
        // A mapping that is about DNS only says nothing about targets.
        List<DomainMapping> saying = [.. Guard.NotNull(mappings).Where(m => m.DeployTargets.Count > 0)];
        return DnsAccess.MappingOf(saying, name.BaseName)?.DeployTargets ?? [];
    }

    /// <summary>The names of targets that are called by id or name; each once, empty ones left out.</summary>
    internal static IReadOnlyList<string> Names(IStoreSession session, IEnumerable<string> targets) =>
        [.. targets.Where(t => !string.IsNullOrWhiteSpace(t)).Select(t => Target(session, t.Trim()).Name).Distinct(StringComparer.OrdinalIgnoreCase)];
}
