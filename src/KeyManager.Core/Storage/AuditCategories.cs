using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>The areas into which the lines of the audit trail fall.</summary>
public static class AuditCategories
{
    /// <summary>All of them; what writes a line uses one of these.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["Store", "Account", "DnsAccount", "DomainMapping", "DeployTarget", "Deployment", "Order", "Challenge", "Certificate", "PrivateKey", "Csr", "Secret", "Setting", "AutoRenewal", "Schedule", "Audit", "Notification"];
}
