using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the protectors of the store: each one alone can unlock it.</summary>
/// <example><code>Get-KmKeyProtector</code><para>Lists them.</para></example>
/// <seealso cref="AddKmKeyProtectorCommand"/>
[Cmdlet(VerbsCommon.Get, "KmKeyProtector")]
[OutputType(typeof(KeyProtector))]
public sealed class GetKmKeyProtectorCommand : KmCmdlet
{
    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        await WriteAllAsync(pipeline, Services.Store.Protection.List(), cancellationToken).ConfigureAwait(false);
    }
}
