using System.Collections.Generic;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Makes an account with a certificate authority; for the built-in authority, a private root of your own.</summary>
/// <remarks>
/// The first account becomes the default, which orders use when none is named. With -Authority Local a root and an issuing authority are made;
/// their keys are stored encrypted. Give the root to your clients with Export-KmAccountCertificate. With any ACME authority a key is made and stored
/// before the authority is asked; a command that was interrupted is simply run again and goes on with that key.
/// </remarks>
/// <example><code>New-KmAccount -Name private -Authority Local</code><para>Makes a private root for certificates of up to 398 days, 90 by default.</para></example>
/// <example><code>New-KmAccount le LetsEncrypt -Contact admin@contoso.com -AcceptTermsOfService</code><para>An account with Let's Encrypt. -Environment Staging makes one for trying out.</para></example>
/// <example><code>New-KmAccount zero ZeroSsl -EabKeyId 7a1Q... -EabKey (Read-Host -AsSecureString) -AcceptTermsOfService</code><para>An authority that makes accounts for its customers only: key id and key come from its website.</para></example>
/// <example><code>New-KmAccount corp -DirectoryUrl https://ca.contoso.com/acme/directory -TrustedRootPath ./corp-root.crt</code><para>Any ACME server; its own root is trusted for this account only.</para></example>
/// <example><code>New-KmAccount store1 SslStore -PartnerCode 12345678 -AuthToken (Read-Host -AsSecureString) -Setting @{ AdminContact = 'ops' }</code><para>An account with The SSL Store; its portal shows code and token after signing up. about_KmSslStore goes on from here.</para></example>
/// <example><code>New-KmAccount emsign EmSign -AccountNumber 1234567890 -AccessKey (Read-Host -AsSecureString) -Setting @{ Requester = 'ops' }</code><para>An account with emSign CERTInext, with its groups, organizations, domains and products. about_KmEmSign goes on from here.</para></example>
/// <example><code>New-KmAccount -Name lab -Authority Local -Setting @{ AllowedNames = 'lab.contoso.com', '10.0.0.0/8'; ValidityDays = 30 }</code><para>A private root that issues only for the lab. Get-KmAuthority Local lists all settings.</para></example>
/// <seealso cref="GetKmAuthorityCommand"/>
/// <seealso cref="AddKmAccountCommand"/>
/// <seealso cref="ExportKmAccountCertificateCommand"/>
[Cmdlet(VerbsCommon.New, "KmAccount", SupportsShouldProcess = true)]
[OutputType(typeof(AuthorityAccount))]
public sealed class NewKmAccountCommand : NewAccountCmdlet
{
    /// <summary>Key id of the credentials that the authority gave you (external account binding).</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? EabKeyId { get; set; }

    /// <summary>Key of those credentials, base64url as the authority shows it. It is used once and not stored.</summary>
    [Parameter]
    public SecureString? EabKey { get; set; }

    /// <summary>Partner code (Partner ID) that The SSL Store gave you.</summary>
    [Parameter]
    [Alias("PartnerId")]
    [ValidateNotNullOrEmpty]
    public string? PartnerCode { get; set; }

    /// <summary>Token that The SSL Store gave you with the partner code, or access key that emSign gave you with the account number. It is stored encrypted.</summary>
    [Parameter]
    [Alias("AccessKey")]
    [VaultSecret]
    public SecureString? AuthToken { get; set; }

    /// <summary>Number of the account with emSign, which its portal shows with the access key.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AccountNumber { get; set; }

    /// <summary>Do not fetch what the authority keeps for the account; Sync-KmAccount and the first order do.</summary>
    [Parameter]
    public SwitchParameter NoSync { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        AccountRequest request = await RequestAsync(pipeline, (nameof(EabKeyId), EabKeyId), (nameof(PartnerCode), PartnerCode?.Trim()), (nameof(AccountNumber), AccountNumber?.Trim())).ConfigureAwait(false);
        using SecretText? eab = EabKey is null ? null : new SecretText(EabKey);
        using SecretText? token = AuthToken is null ? null : new SecretText(AuthToken);
        Dictionary<string, byte[]> secrets = [];
        foreach ((string name, SecretText? secret) in new[] { (AccountRequest.EabKey, eab), (AccountRequest.AuthToken, token) })
        {
            if (secret is not null)
            {
                secrets[name] = secret.Utf8;
            }
        }

        if (await ConfirmAsync(pipeline, "Make an account with").ConfigureAwait(false))
        {
            await RegisterAsync(pipeline, request with { Secrets = secrets }, !NoSync, cancellationToken).ConfigureAwait(false);
        }
    }
}
