using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Exports the key of an account with an ACME authority, so that the account can be taken up again or elsewhere.</summary>
/// <remarks>Whoever has the key can do everything with the account. The file can be read by its owner only; protect a PEM file with a password.</remarks>
/// <example><code>Export-KmAccountKey le -Path ./le-account.pem -Password (Read-Host -AsSecureString)</code><para>As PEM, encrypted. Add-KmAccount takes it back.</para></example>
/// <example><code>Export-KmAccountKey le -Path ./le-account.json -Format Jwk</code><para>As JSON Web Key, in the clear, for other programs.</para></example>
/// <seealso cref="AddKmAccountCommand"/>
[Cmdlet(VerbsData.Export, "KmAccountKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ExportedFile))]
public sealed class ExportKmAccountKeyCommand : AccountCmdlet
{
    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public string Path { get; set; } = "";

    /// <summary>How: Pem (default) or Jwk.</summary>
    [Parameter]
    public AccountKeyFormat Format { get; set; }

    /// <summary>Password to encrypt a PEM file with.</summary>
    [Parameter]
    [Alias("Passphrase")]
    public SecureString? Password { get; set; }

    /// <summary>Do not ask, and replace a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, AuthorityAccount account, CancellationToken cancellationToken)
    {
        string path = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        if (await pipeline.ShouldProcessAsync(path, $"Export the key of {account}{(Password is null ? ", unencrypted" : "")}").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.AccountKeys.Export(account.Id, path, Format, Password.Reveal(), Force)).ConfigureAwait(false);
        }
    }
}
