using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes a protector from the store.</summary>
/// <remarks>The last one cannot be removed. Who has copied the data key keeps it: after a leak use Update-KmStoreKey too.</remarks>
/// <example><code>Get-KmKeyProtector | Where-Object Kind -eq KeyFile | Remove-KmKeyProtector</code><para>Asks, then removes the key file protectors; the files stay.</para></example>
/// <seealso cref="UpdateKmStoreKeyCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmKeyProtector", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveKmKeyProtectorCommand : KmCmdlet
{
    /// <summary>Its id, as Get-KmKeyProtector shows it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProtectorCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        foreach (string id in Id)
        {
            if (await pipeline.ShouldProcessAsync(id, "Remove key protector").ConfigureAwait(false))
            {
                Services.Store.Protection.Remove(id);
            }
        }
    }
}
