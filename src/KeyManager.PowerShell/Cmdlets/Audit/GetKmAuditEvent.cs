using System;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Gets lines of the audit trail, newest first: who did what to which thing, when and where.</summary>
/// <example><code>Get-KmAuditEvent -Category Certificate -After (Get-Date).AddDays(-7)</code><para>What happened to certificates in the last week.</para></example>
/// <seealso cref="TestKmAuditTrailCommand"/>
[Cmdlet(VerbsCommon.Get, "KmAuditEvent")]
[OutputType(typeof(AuditEvent))]
public sealed class GetKmAuditEventCommand : KmCmdlet
{
    /// <summary>Only of this area: Store, Account, DnsAccount, DomainMapping, DeployTarget, Deployment, Order, Challenge, Certificate, PrivateKey, Csr, Secret, Setting, AutoRenewal, Schedule, Audit or Notification.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(AuditCategoryCompleter))]
    public string? Category { get; set; }

    /// <summary>Only from this moment on.</summary>
    [Parameter]
    public DateTimeOffset? After { get; set; }

    /// <summary>Only up to this moment.</summary>
    [Parameter]
    public DateTimeOffset? Before { get; set; }

    /// <summary>Only about this thing: the object, its id or its name.</summary>
    // By value: by property name a certificate would bind its Subject, which is another thing.
    [Parameter(ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    [Alias("Id", "Name")]
    public SubjectReference? Subject { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string? category = Category is null ? null : Known(Category);
        foreach (AuditEvent line in Services.Store.Stream((session, after) => session.Audit.Query(category, After, Before, Subject?.Text, after, 200)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await pipeline.WriteObjectAsync(line).ConfigureAwait(false);
        }
    }

    // A word that the trail does not have would look like a quiet week.
    internal static string Known(string category) =>
        AuditCategories.All.FirstOrDefault(known => string.Equals(known, category, StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The audit trail has no category '{category}'.")
            {
                Target = category,
                Remedy = $"Its categories are: {string.Join(", ", AuditCategories.All)}.",
            };
}
