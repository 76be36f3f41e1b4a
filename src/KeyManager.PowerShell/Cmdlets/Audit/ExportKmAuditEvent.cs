using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Exports the audit trail for other programs: CSV, JSON Lines, syslog (RFC 5424) or CEF. With -Path into a file, otherwise line by line.</summary>
/// <remarks>Oldest line first. A file is written whole or not at all. The hash of each line goes along, so that an exported line can be compared with the trail later.</remarks>
/// <example><code>Export-KmAuditEvent -Format Csv -Path audit.csv -After (Get-Date).AddMonths(-1)</code><para>The last month for a spreadsheet.</para></example>
/// <example><code>Export-KmAuditEvent -Format Syslog -Category AutoRenewal | Out-File renewals.log</code><para>What was renewed, as syslog messages.</para></example>
/// <seealso cref="GetKmAuditEventCommand"/>
[Cmdlet(VerbsData.Export, "KmAuditEvent", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
public sealed class ExportKmAuditEventCommand : KmCmdlet
{
    /// <summary>File to write. Without it the lines are written to the pipeline.</summary>
    [Parameter(Position = 0)]
    public string? Path { get; set; }

    /// <summary>The form: Csv, JsonLines (default), Syslog or Cef.</summary>
    [Parameter]
    public AuditFormat Format { get; set; } = AuditFormat.JsonLines;

    /// <summary>Only of this area.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AuditCategoryCompleter))]
    public string? Category { get; set; }

    /// <summary>Only from this moment on.</summary>
    [Parameter]
    public DateTimeOffset? After { get; set; }

    /// <summary>Only up to this moment.</summary>
    [Parameter]
    public DateTimeOffset? Before { get; set; }

    /// <summary>Replace a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string? category = Category is null ? null : GetKmAuditEventCommand.Known(Category);
        if (Path is null)
        {
            foreach (string line in Services.Audit.Export(Format, category, After, Before))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await pipeline.WriteObjectAsync(line).ConfigureAwait(false);
            }

            return;
        }

        string path = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        if (await pipeline.ShouldProcessAsync(path, "Export the audit trail").ConfigureAwait(false))
        {
            long count = Services.Audit.ExportTo(path, Format, category, After, Before, Force, cancellationToken);
            pipeline.Verbose($"{count} lines were written to {path}.");
        }
    }
}
