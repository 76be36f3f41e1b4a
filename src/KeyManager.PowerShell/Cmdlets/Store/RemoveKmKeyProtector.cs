using System;
using System.Linq;
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
    /// <summary>Its id or name, as Get-KmKeyProtector shows them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProtectorCompleter))]
    public string[] Id { get; set; } = [];

    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(pipeline, Id, Id.Length > 1, async id =>
    {
        KeyProtector? found = Services.Store.Protection.List().FirstOrDefault(p => p.Id == id || string.Equals(p.Name, id, StringComparison.OrdinalIgnoreCase));
        if (await pipeline.ShouldProcessAsync(found?.ToString() ?? id, "Remove key protector").ConfigureAwait(false))
        {
            Services.Store.Protection.Remove(found?.Id ?? id);
        }
    });
}
