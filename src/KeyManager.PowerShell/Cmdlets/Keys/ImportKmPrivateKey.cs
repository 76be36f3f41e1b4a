using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Stores private keys that were made elsewhere.</summary>
/// <remarks>PEM or DER: PKCS#8 (encrypted or not), PKCS#1, SEC1. RSA from 2048 bits, P-256, P-384, P-521, Ed25519. The same key is stored once.</remarks>
/// <example><code>Import-KmPrivateKey ./www.key -Password (Read-Host -AsSecureString)</code><para>Stores an encrypted key.</para></example>
/// <seealso cref="GetKmPrivateKeyCommand"/>
[Cmdlet(VerbsData.Import, "KmPrivateKey", SupportsShouldProcess = true)]
[OutputType(typeof(PrivateKeyInfo))]
public sealed class ImportKmPrivateKeyCommand : KmCmdlet
{
    /// <summary>The files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Password of an encrypted key.</summary>
    [Parameter]
    public SecureString? Password { get; set; }

    /// <summary>Name in the store; default: the file name without extension.</summary>
    [Parameter]
    public string? Name { get; set; }

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) =>
        ForEachFileAsync(pipeline, Path, file => ImportAsync(pipeline, file), cancellationToken);

    private async Task ImportAsync(IPipeline pipeline, string file)
    {
        if (await pipeline.ShouldProcessAsync(file, "Import private key").ConfigureAwait(false))
        {
            string name = Name ?? System.IO.Path.GetFileNameWithoutExtension(file);
            await pipeline.WriteObjectAsync(Services.Keys.Import(FileInput.Read(file), Password.Reveal(), file, name)).ConfigureAwait(false);
        }
    }
}
