using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Adds a protector to the store, another way to unlock it.</summary>
/// <remarks>The data itself is not touched. A store should have a passphrase protector for recovery: without any working protector its secrets are lost.</remarks>
/// <example><code>Add-KmKeyProtector -Passphrase (Read-Host -AsSecureString)</code><para>Adds a passphrase, for recovery and for moving to another machine.</para></example>
/// <example><code>Add-KmKeyProtector -Kind DpapiMachine</code><para>Lets scheduled tasks of this Windows machine open the store.</para></example>
/// <seealso cref="RemoveKmKeyProtectorCommand"/>
[Cmdlet(VerbsCommon.Add, "KmKeyProtector", SupportsShouldProcess = true, DefaultParameterSetName = "Kind")]
[OutputType(typeof(KeyProtector))]
public sealed class AddKmKeyProtectorCommand : KmCmdlet
{
    /// <summary>Its kind: DpapiUser, DpapiMachine (Windows) or KeyFile.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Kind")]
    public KeyProtectorKind Kind { get; set; }

    /// <summary>The key file; it is made when it does not exist. Default: a file in the configuration folder of the user or machine.</summary>
    [Parameter(ParameterSetName = "Kind")]
    public string? KeyFilePath { get; set; }

    /// <summary>A passphrase of at least 8 characters.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Passphrase")]
    public SecureString? Passphrase { get; set; }

    /// <summary>Name for people; default: that of the kind.</summary>
    [Parameter]
    public string? Name { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        KeyProtectorKind kind = Passphrase is null ? Kind : KeyProtectorKind.Passphrase;
        if (await pipeline.ShouldProcessAsync(Services.Store.GetInfo().Path, $"Add {kind} protector").ConfigureAwait(false))
        {
            using SecretText? passphrase = Passphrase is null ? null : new SecretText(Passphrase);
            string? path = await ResolveOptionalPathAsync(pipeline, KeyFilePath).ConfigureAwait(false);
            await pipeline.WriteObjectAsync(Services.Store.Protection.Add(new KeyProtectorRequest(kind, Name, path, passphrase?.Utf8))).ConfigureAwait(false);
        }
    }
}
