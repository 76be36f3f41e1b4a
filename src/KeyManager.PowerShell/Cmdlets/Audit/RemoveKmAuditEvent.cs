using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes the oldest lines of the audit trail. What is left stays provable.</summary>
/// <remarks>
/// Only the beginning can go, and never lines of the last 30 days. A checkpoint with the hash of the last removed line stands in their place, and a line at the end of the trail says
/// who removed them, when and how many. The setting AuditKeepDays has Invoke-KmRenewal do the same by itself.
/// </remarks>
/// <example><code>Export-KmAuditEvent old.jsonl -Before 2026-01-01; Remove-KmAuditEvent -Before 2026-01-01</code><para>Keeps a copy first.</para></example>
/// <seealso cref="ExportKmAuditEventCommand"/>
/// <seealso cref="TestKmAuditTrailCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmAuditEvent", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveKmAuditEventCommand : KmCmdlet
{
    /// <summary>The lines before this moment are removed; at least 30 days ago.</summary>
    [Parameter(Mandatory = true)]
    public DateTimeOffset Before { get; set; }

    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync($"lines before {Before:yyyy-MM-dd HH:mm zzz}", "Remove lines of the audit trail").ConfigureAwait(false))
        {
            pipeline.Verbose($"{Services.Audit.Purge(Before)} lines were removed.");
        }
    }
}
