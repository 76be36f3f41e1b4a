using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Checks that no line of the audit trail was changed, removed or put in between.</summary>
/// <remarks>Each line holds the hash of the one before it; all are computed again. Answers true, or an error that names the line, and false.</remarks>
/// <example><code>Test-KmAuditTrail</code><para>Checks the whole trail.</para></example>
/// <seealso cref="GetKmAuditEventCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmAuditTrail")]
[OutputType(typeof(bool))]
public sealed class TestKmAuditTrailCommand : KmCmdlet
{
    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string? problem = Services.Store.Read(session => session.Audit.Verify());
        if (problem is not null)
        {
            ConflictException broken = new(ConflictKind.State, ErrorIds.AuditTrailBroken, $"The audit trail is broken: {problem}")
            {
                Remedy = "Somebody or something changed the store from outside. Compare with a backup.",
            };
            await pipeline.WriteErrorAsync(broken).ConfigureAwait(false);
        }

        await pipeline.WriteObjectAsync(problem is null).ConfigureAwait(false);
    }
}
