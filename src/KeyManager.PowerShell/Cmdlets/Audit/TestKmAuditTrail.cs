using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Checks that no line of the audit trail was changed, removed or put in between.</summary>
/// <remarks>Each line holds the hash of the one before it; all are computed again. Answers true, or an error for each line that is wrong, and false.
/// Lines that Remove-KmAuditEvent or the setting AuditKeepDays took from the beginning are no error: a checkpoint and a line of the trail account for them.</remarks>
/// <example><code>Test-KmAuditTrail</code><para>Checks the whole trail.</para></example>
/// <seealso cref="GetKmAuditEventCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmAuditTrail")]
[OutputType(typeof(bool))]
public sealed class TestKmAuditTrailCommand : KmCmdlet
{
    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> problems = Services.Audit.FindProblems();
        foreach (string problem in problems)
        {
            ConflictException broken = new(ConflictKind.State, ErrorIds.AuditTrailBroken, $"The audit trail is broken: {problem}")
            {
                Remedy = "Somebody or something changed the store from outside. Compare with a backup.",
            };
            await pipeline.WriteErrorAsync(broken).ConfigureAwait(false);
        }

        await pipeline.WriteObjectAsync(problems.Count == 0).ConfigureAwait(false);
    }
}
