using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets all versions of an entry of the inventory, newest first.</summary>
/// <remarks>Each renewal adds a version; one of them is the current one. An old version can still be exported by its id.</remarks>
/// <example><code>Get-KmCertificateHistory www.contoso.com</code><para>Shows the certificates that this name has had.</para></example>
/// <example><code>Get-KmCertificateHistory www.contoso.com | Select-Object -Skip 3 | Remove-KmCertificate -Force</code><para>Keeps the three newest versions.</para></example>
/// <seealso cref="GetKmCertificateCommand"/>
[Cmdlet(VerbsCommon.Get, "KmCertificateHistory")]
[OutputType(typeof(Certificate))]
public sealed class GetKmCertificateHistoryCommand : KmCmdlet
{
    /// <summary>The entry: its name, any of its certificates, or the id of one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    [Alias("Name", "Id")]
    public CertificateReference[] Certificate { get; set; } = [];

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(pipeline, Certificate, Certificate.Length > 1, async reference =>
    {
        await WriteAllAsync(pipeline, Services.Inventory.History(reference.Text), cancellationToken).ConfigureAwait(false);
    });
}
