using System.Collections.Generic;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Takes up an account that exists at an ACME authority, by its exported key.</summary>
/// <remarks>
/// For an account that was removed here with Remove-KmAccount, or that another program made. The authority is asked for the account of this key and makes none.
/// An account that was deactivated can never be taken up again.
/// </remarks>
/// <example><code>Add-KmAccount le LetsEncrypt -KeyPath ./le-account.pem -KeyPassword (Read-Host -AsSecureString)</code><para>Takes the account back, with a key that Export-KmAccountKey has written.</para></example>
/// <example><code>Add-KmAccount le LetsEncrypt -KeyPath ./private_key.json</code><para>Takes over an account whose key is a JSON Web Key, as certbot writes it.</para></example>
/// <seealso cref="ExportKmAccountKeyCommand"/>
/// <seealso cref="NewKmAccountCommand"/>
[Cmdlet(VerbsCommon.Add, "KmAccount", SupportsShouldProcess = true)]
[OutputType(typeof(AuthorityAccount))]
public sealed class AddKmAccountCommand : NewAccountCmdlet
{
    /// <summary>File with the key of the account: PEM or JSON Web Key.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [ValidateNotNullOrEmpty]
    public string KeyPath { get; set; } = "";

    /// <summary>Password of the key file.</summary>
    [Parameter]
    [Alias("Passphrase")]
    public SecureString? KeyPassword { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (Authority is null && DirectoryUrl is null)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "The authority that has the account is not named.") { Target = Name, Remedy = "Name it with -Authority, or its server with -DirectoryUrl." };
        }

        AccountRequest request = await RequestAsync(pipeline).ConfigureAwait(false);
        string path = await ResolvePathAsync(pipeline, KeyPath).ConfigureAwait(false);
        byte[] file = FileInput.Read(path);
        if (!await ConfirmAsync(pipeline, "Take up the account of the given key with").ConfigureAwait(false))
        {
            return;
        }

        IReadOnlyDictionary<string, byte[]> key = Services.AccountKeys.Read(Description.Name, file, KeyPassword.Reveal(), path);
        try
        {
            await RegisterAsync(pipeline, request with { IsExisting = true, Secrets = key }, false, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            SecretValues.Overwrite(key.Values);
        }
    }
}
