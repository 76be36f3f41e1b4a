using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes stored private keys. They cannot be brought back.</summary>
/// <remarks>A key that a certificate, an order or a request refers to is not removed.</remarks>
/// <example><code>Remove-KmPrivateKey 7k3m9q2x1b4c</code><para>Asks, then removes the key.</para></example>
/// <seealso cref="GetKmPrivateKeyCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmPrivateKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveKmPrivateKeyCommand : KmCmdlet
{
    /// <summary>The key: the object, its id or its name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(PrivateKeyCompleter))]
    [Alias("Name", "Id")]
    public PrivateKeyReference? PrivateKey { get; set; }

    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        PrivateKeyInfo key = Services.Inventory.ResolvePrivateKey(PrivateKey!.Text); // mandatory
        if (await pipeline.ShouldProcessAsync(key.ToString(), "Remove private key for good").ConfigureAwait(false))
        {
            Services.Keys.Remove(key.Id);
        }
    }
}
