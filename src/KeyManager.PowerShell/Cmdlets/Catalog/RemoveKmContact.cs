using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes a stored contact. Orders that are placed keep what they were placed with.</summary>
/// <example><code>Remove-KmContact ops</code><para>Removes it here; no authority hears of it.</para></example>
/// <seealso cref="GetKmContactCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmContact", SupportsShouldProcess = true)]
public sealed class RemoveKmContactCommand : KmCmdlet
{
    /// <summary>The contact: the object, its id or its name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ContactCompleter))]
    [Alias("Name", "Id")]
    public ContactReference? Contact { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        Contact contact = Services.Presets.ResolveContact(Contact!.Text); // mandatory
        if (await pipeline.ShouldProcessAsync(contact.ToString(), "Remove contact").ConfigureAwait(false))
        {
            Services.Presets.Remove(contact);
        }
    }
}
