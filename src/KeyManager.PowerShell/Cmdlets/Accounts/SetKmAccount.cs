using System.Collections;
using System.Collections.Generic;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Changes accounts: name, contacts, settings, key, and which one is the default.</summary>
/// <example><code>Set-KmAccount private -Setting @{ ValidityDays = 47 } -Default</code><para>Shorter certificates from now on, and the account that orders use.</para></example>
/// <example><code>Set-KmAccount le -Contact admin@contoso.com -ChangeKey</code><para>Tells Let's Encrypt the new address, and gives the account a new key.</para></example>
/// <example><code>Set-KmAccount store1 -AuthToken (Read-Host -AsSecureString)</code><para>A new token of The SSL Store; it is tried out before it takes the place of the old one.</para></example>
/// <seealso cref="GetKmAccountCommand"/>
[Cmdlet(VerbsCommon.Set, "KmAccount", SupportsShouldProcess = true)]
[OutputType(typeof(AuthorityAccount))]
public sealed class SetKmAccountCommand : AccountCmdlet
{
    /// <summary>New name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NewName { get; set; }

    /// <summary>New e-mail addresses; brought to the authority too.</summary>
    [Parameter]
    public string[]? Contact { get; set; }

    /// <summary>Settings to change, by name; the others stay.</summary>
    [Parameter]
    public Hashtable? Setting { get; set; }

    /// <summary>New token or access key that the authority gave, where accounts have one. It is tried out before it takes the place of the old one.</summary>
    [Parameter]
    [Alias("AccessKey")]
    [VaultSecret]
    public SecureString? AuthToken { get; set; }

    /// <summary>Address of the authority's API in the place of the known one; empty takes the known one.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? BaseUrl { get; set; }

    /// <summary>File with the root certificates to trust for the connection; empty for none beside those of the machine.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? TrustedRootPath { get; set; }

    /// <summary>Address of the proxy to use; empty takes the system's.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Proxy { get; set; }

    /// <summary>Replace the key of the account at the authority (RFC 8555 §7.3.5). Certificates are not touched.</summary>
    [Parameter]
    public SwitchParameter ChangeKey { get; set; }

    /// <summary>Make it the account that orders use when none is named.</summary>
    [Parameter]
    public SwitchParameter Default { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, AuthorityAccount account, CancellationToken cancellationToken)
    {
        if (!await pipeline.ShouldProcessAsync(account.ToString(), ChangeKey ? "Change account, and replace its key" : "Change account").ConfigureAwait(false))
        {
            return;
        }

        // The secret first: one that is not taken changes nothing else, and what is said about it counts for the new one.
        if (AuthToken is not null)
        {
            using SecretText token = new(AuthToken);
            _ = await Services.ChangeAccount.ReplaceSecretAsync(account.Id, AccountRequest.AuthToken, token.Utf8, pipeline, cancellationToken).ConfigureAwait(false);
        }

        AuthorityAccount changed = await Services.ChangeAccount.UpdateAsync(
            account.Id,
            NewName,
            Contact is null ? null : MailAddresses.Check(Contact),
            await SettingsAsync(pipeline).ConfigureAwait(false),
            Default,
            pipeline,
            cancellationToken).ConfigureAwait(false);
        if (ChangeKey)
        {
            changed = await Services.AccountKeys.ChangeAsync(account.Id, pipeline, cancellationToken).ConfigureAwait(false);
        }

        await pipeline.WriteObjectAsync(changed).ConfigureAwait(false);
    }

    private async Task<Dictionary<string, string>?> SettingsAsync(IPipeline pipeline)
    {
        string? roots = string.IsNullOrEmpty(TrustedRootPath) ? TrustedRootPath : await ResolvePathAsync(pipeline, TrustedRootPath!).ConfigureAwait(false);
        Dictionary<string, string> settings = SettingTable.ToDictionary(Setting, (nameof(BaseUrl), BaseUrl), (nameof(TrustedRootPath), roots), (nameof(Proxy), Proxy));
        return settings.Count == 0 ? null : settings;
    }
}
