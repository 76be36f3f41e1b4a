using System.IO;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Exports a stored private key as PEM (PKCS#8).</summary>
/// <remarks>The file can be read by its owner only. Without -Password the key in it is not encrypted. The audit trail tells of every export.</remarks>
/// <example><code>Export-KmPrivateKey 7k3m9q2x1b4c -Path ./www.key -Password (Read-Host -AsSecureString)</code><para>Asks, then writes the key encrypted.</para></example>
/// <seealso cref="GetKmPrivateKeyCommand"/>
[Cmdlet(VerbsData.Export, "KmPrivateKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(FileInfo))]
public sealed class ExportKmPrivateKeyCommand : KmCmdlet
{
    /// <summary>The key: the object, its id, its name, or its certificate.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(PrivateKeyCompleter))]
    [Alias("Name", "Id")]
    public PrivateKeyReference? PrivateKey { get; set; }

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public string Path { get; set; } = "";

    /// <summary>Encrypts the key.</summary>
    [Parameter]
    public SecureString? Password { get; set; }

    /// <summary>Do not ask, and replace a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string path = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        if (File.Exists(path) && !Force)
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.FileExists, $"The file '{path}' exists.") { Target = path, Remedy = "Use -Force to replace it, or another -Path." };
        }

        PrivateKeyInfo key = Services.Inventory.ResolvePrivateKey(PrivateKey!.Text); // mandatory
        if (await pipeline.ShouldProcessAsync(path, $"Export private key {key}{(Password is null ? ", not encrypted" : "")}").ConfigureAwait(false))
        {
            Services.Keys.Export(key.Id, path, Password.Reveal());
            await pipeline.WriteObjectAsync(new FileInfo(path)).ConfigureAwait(false);
        }
    }
}
