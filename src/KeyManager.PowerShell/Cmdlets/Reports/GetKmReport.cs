using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the numbers of a report, or its lines.</summary>
/// <remarks>
/// The numbers of a report about everything are counted in the store, without reading it: a million certificates take seconds. With -Detail come the lines, the most urgent ones
/// first, as they are read. Export-KmReport writes the same into a file.
/// </remarks>
/// <example><code>Get-KmReport Expiry</code><para>How many certificates end when.</para></example>
/// <example><code>Get-KmReport Compliance -Detail | Where-Object Tone -ge Warning</code><para>What has to be done for the rules to come.</para></example>
/// <example><code>Get-KmCertificate -Tag shop | Get-KmReport KeyStrength</code><para>How strong the keys of some certificates are.</para></example>
/// <seealso cref="ExportKmReportCommand"/>
[Cmdlet(VerbsCommon.Get, "KmReport")]
[OutputType(typeof(ReportCount), typeof(ReportRow))]
public sealed class GetKmReportCommand : ReportCmdlet
{
    /// <summary>The lines in the place of the numbers.</summary>
    [Parameter]
    public SwitchParameter Detail { get; set; }

    protected override Task EndProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        Report report = Make();
        return Detail ? WriteAllAsync(pipeline, report.Rows, cancellationToken) : WriteAllAsync(pipeline, report.Counts, cancellationToken);
    }
}
