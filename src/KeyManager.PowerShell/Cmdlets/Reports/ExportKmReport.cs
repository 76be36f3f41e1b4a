using System;
using System.IO;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Writes a report into a file: a page with charts for a browser (HTML), a table (CSV), or JSON.</summary>
/// <remarks>
/// The page is one file that asks nobody for anything: it can be mailed, reads on a phone, and prints. Its table can be filtered and sorted; it holds the first 10,000 lines, while
/// its numbers count all. CSV is safe to open in a spreadsheet: a text that would be taken for a formula gets an apostrophe in front. The file is written whole or not at all.
/// </remarks>
/// <example><code>Export-KmReport Expiry -Path expiry.html</code><para>What ends when, as a page.</para></example>
/// <example><code>Get-KmCertificate -Tag shop | Export-KmReport -Type Inventory -Path shop.csv -Force</code><para>Some certificates for a spreadsheet, in the place of the file of yesterday.</para></example>
/// <example><code>Import-KmCertificateOrder -Account store1 -Exclude Expired, Revoked | Get-KmCertificate | Export-KmReport -Type Expiry -Path expiry.html</code><para>What came with an import.</para></example>
/// <example><code>Set-KmNotificationPolicy weekly -Event Report -Report Expiry, Compliance -Every Week -To team@contoso.com -SmtpServer mail.contoso.com</code><para>Has reports mailed by Invoke-KmRenewal once a week.</para></example>
/// <seealso cref="GetKmReportCommand"/>
/// <seealso cref="SetKmNotificationPolicyCommand"/>
[Cmdlet(VerbsData.Export, "KmReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportKmReportCommand : ReportCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public string Path { get; set; } = "";

    /// <summary>The form: Html, Csv, Json or JsonLines. Default: by the extension of the file (.html, .csv, .json, .jsonl).</summary>
    [Parameter]
    public ReportFormat Format { get; set; }

    /// <summary>Replace a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task EndProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string path = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        ReportFormat format = IsBound(nameof(Format)) ? Format : ByExtension(path);
        if (await pipeline.ShouldProcessAsync(path, $"Write the report {Type} as {format}").ConfigureAwait(false))
        {
            long count = Services.Reports.WriteTo(path, Make(), format, Force, cancellationToken);
            pipeline.Verbose($"{count} lines were written to {path}.");
            await pipeline.WriteObjectAsync(new FileInfo(path)).ConfigureAwait(false);
        }
    }

    private static ReportFormat ByExtension(string path) => System.IO.Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".html" or ".htm" => ReportFormat.Html,
        ".csv" => ReportFormat.Csv,
        ".json" => ReportFormat.Json,
        ".jsonl" or ".ndjson" => ReportFormat.JsonLines,
        string other => throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The extension '{other}' of '{path}' does not say which form is wanted.") { Target = path, Remedy = "Use .html, .csv, .json or .jsonl, or give -Format." },
    };
}
