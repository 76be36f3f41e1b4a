using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that do something to certificates of the inventory, one after the other; one that fails does not stop the others.</summary>
public abstract class CertificateCmdlet : KmCmdlet
{
    /// <summary>The certificate: name of its entry (the current version), the object, its order, an id, a thumbprint or a serial number.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    [Alias("Name", "Id")]
    public CertificateReference[] Certificate { get; set; } = [];

    protected sealed override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(
        pipeline, Certificate, Certificate.Length > 1, reference => ProcessAsync(pipeline, Services.Inventory.Resolve(reference.Text), cancellationToken));

    /// <summary>Does it to one certificate.</summary>
    protected abstract Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken);
}
