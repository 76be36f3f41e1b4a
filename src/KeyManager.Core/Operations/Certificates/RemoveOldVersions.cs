using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>
/// Drops old versions of certificates with their keys. Never goes: the current version, the one before it, one that has not ended, one that was never saved, one that is in use
/// somewhere, and one to which something that is still on its way refers.
/// </summary>
public sealed class RemoveOldVersions(KeyManagerPorts ports)
{
    /// <summary>The current version and the one before it.</summary>
    public const int FewestKept = 2;

    private const string LeaseName = "old-versions";
    private const int ChangesTogether = 50;

    /// <summary>What would go, oldest first within each entry.</summary>
    /// <param name="lineageId">Only of this entry; <c>null</c> for all.</param>
    /// <param name="keepVersions">How many versions of an entry stay; <c>null</c> for as few as may be.</param>
    /// <param name="keepDays">For how many days after its end a version stays; <c>null</c> for none.</param>
    public IEnumerable<Certificate> Find(string? lineageId, int? keepVersions, int? keepDays)
    {
        foreach (string id in FindIds(lineageId, keepVersions, keepDays))
        {
            Certificate? version = ports.Store.Read(session => session.Certificates.Find(id) is Certificate found && !IsNeeded(session, found) ? found : null);
            if (version is not null)
            {
                yield return version;
            }
        }
    }

    /// <summary>Drops a version; <c>false</c> when it is none that may ever go, is needed by now, or is gone.</summary>
    public bool Run(string certificateId) => ports.Store.Write(session => Remove(session, certificateId, ports.Clock.UtcNow));

    /// <summary>Keeps to the settings CertificateKeepVersions and CertificateKeepDays; once a day, whoever sweeps.</summary>
    internal void RunBySetting(IReporter reporter, CancellationToken cancellationToken)
    {
        (int versions, int days) = ports.Store.Read(session => (
            StoreSettings.GetNumber(session.Settings, StoreSettings.CertificateKeepVersions), StoreSettings.GetNumber(session.Settings, StoreSettings.CertificateKeepDays)));

        // A lease that nobody gives back is a note for a day that it was done.
        if ((versions == 0 && days == 0) || !ports.Store.Leases.TryAcquire(LeaseName, Identifier.New(), TimeSpan.FromDays(1)))
        {
            return;
        }

        IReadOnlyList<string> ids = FindIds(null, versions == 0 ? null : versions, days == 0 ? null : days);
        int removed = 0;
        for (int from = 0; from < ids.Count; from += ChangesTogether)
        {
            cancellationToken.ThrowIfCancellationRequested();
            removed += ports.Store.Write(session => ids.Skip(from).Take(ChangesTogether).Count(id => Remove(session, id, ports.Clock.UtcNow)), Durability.Deferred);
        }

        if (removed > 0)
        {
            reporter.Verbose(string.Format(CultureInfo.InvariantCulture, "{0} old versions of certificates were removed.", removed));
        }
    }

    private static bool Remove(IStoreSession session, string certificateId, DateTimeOffset now)
    {
        // Looked at again where it goes: another version may have become the current one.
        if (session.Certificates.Find(certificateId) is not Certificate version
            || !session.Certificates.FindOld(version.LineageId, FewestKept, now).Contains(certificateId)
            || IsNeeded(session, version))
        {
            return false;
        }

        session.Certificates.Remove(version.Id);
        session.Audit.Append(new AuditEntry("Certificate", "OldVersionRemoved", version.Id, version.Name, $"version {version.Version}, serial {version.SerialNumber}, ended {version.NotAfter:yyyy-MM-dd}"));
        RemoveCertificate.RemoveKeys(session, [version]);
        return true;
    }

    /// <summary>What is on its way, or may be put back, keeps its version.</summary>
    private static bool IsNeeded(IStoreSession session, Certificate version)
    {
        if (version.InUseAt.Count > 0 || session.Renewals.Find(version.LineageId)?.UndeployedId == version.Id)
        {
            return true;
        }

        CertificateOrder? own = version.OrderId is null ? null : session.Orders.Find(version.OrderId);
        bool isCancelling = own is { CancelRequestedAt: not null } && !RefundOutcome.IsEnded(own.Status);
        return own?.IsOpen == true
            || isCancelling
            || session.Orders.Query(new OrderQuery { RenewsCertificateId = version.Id, IsOpen = true }, null, 1).Items.Count > 0
            || IsDeployed(session, version);
    }

    private static bool IsDeployed(IStoreSession session, Certificate version) => session.Deployments.List(null, version.LineageId)
        .GroupBy(d => d.TargetId)
        .Any(target => target.Any(d => d.Status == DeploymentStatus.Pending && d.CertificateId == version.Id)
            || target.Where(d => d.IsInPlace).Take(FewestKept).Any(d => d.CertificateId == version.Id));

    private IReadOnlyList<string> FindIds(string? lineageId, int? keepVersions, int? keepDays) => ports.Store.Read(session => session.Certificates.FindOld(
        lineageId, Math.Max(FewestKept, keepVersions ?? 0), ports.Clock.UtcNow.AddDays(-(keepDays ?? 0))));
}
