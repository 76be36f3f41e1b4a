using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes stored certificate requests, here only; their keys and the orders that used them stay.</summary>
/// <example><code>Remove-KmCsr appliance</code><para>Asks, then removes the request.</para></example>
/// <seealso cref="GetKmCsrCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmCsr", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveKmCsrCommand : KmCmdlet
{
    /// <summary>The request: the object, its id or its name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CsrCompleter))]
    [Alias("Name", "Id")]
    public CsrReference? Csr { get; set; }

    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        CertificateSigningRequest request = Services.Csrs.Get(Csr!.Text); // mandatory
        if (await pipeline.ShouldProcessAsync(request.ToString(), "Remove certificate request").ConfigureAwait(false))
        {
            Services.Csrs.Remove(request.Id);
        }
    }
}
