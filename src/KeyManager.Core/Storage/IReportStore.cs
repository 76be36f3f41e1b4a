using System;
using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Counts what is in the store without reading it.</summary>
public interface IReportStore
{
    /// <summary>The current certificates.</summary>
    IReadOnlyList<CertificateTally> CountCertificates(IReadOnlyList<CertificateMeasure> measures);

    /// <summary>The issuers of the most current certificates, and how many certificates are of others.</summary>
    IReadOnlyList<(string Issuer, long Count)> CountIssuers(int most, out long others);

    /// <summary>The entries with a current certificate, by owner or group; <c>null</c> for those without.</summary>
    IReadOnlyList<(string? Label, long Count)> CountEntries(LabelKind kind);

    /// <summary>The orders by state.</summary>
    IReadOnlyList<(OrderStatus Status, long Count)> CountOrdersByStatus();

    /// <summary>The orders by the id of their account.</summary>
    IReadOnlyList<(string AccountId, long Count)> CountOrdersByAccount();

    /// <summary>What the engine knows: entries that wait after a failure, that it looks at again before each moment, and that it never looked at.</summary>
    (long Waiting, IReadOnlyList<long> Before, long Never) CountRenewals(IReadOnlyList<DateTimeOffset> moments);

    /// <summary>The newest deployment of each entry to each target, by state and name of the target.</summary>
    IReadOnlyList<(DeploymentStatus Status, string Target, long Count)> CountDeployments();

    /// <summary>Current certificates whose order was proved by e-mail, and open orders that are to be.</summary>
    (long Certificates, long OpenOrders) CountByEmail();

    /// <summary>Whether the order was, or is to be, proved by e-mail.</summary>
    bool IsByEmail(string orderId);

    /// <summary>Lines of the audit trail of an area since a moment, by action.</summary>
    IReadOnlyList<(string Action, long Count)> CountAudit(string category, DateTimeOffset since);
}
