using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets what is known about the stored secrets: whose they are, and whether they lie in the store or in a vault of SecretManagement.</summary>
/// <remarks>
/// The secrets themselves come with -AsSecureString only; the audit trail tells of each. The keys of a private authority never leave the store, and are not listed.
/// Register-SecretVault -Name KeyManager -ModuleName KeyManager makes the same secrets available to Get-Secret.
/// </remarks>
/// <example><code>Get-KmSecret</code><para>All of them.</para></example>
/// <example><code>Get-KmSecret -Kind DnsAccount | Where-Object VaultName</code><para>Secrets of DNS accounts that lie in a vault.</para></example>
/// <example><code>$password = Get-KmSecret certificate/www.contoso.com/KeystorePassword -AsSecureString</code><para>The password of a keystore, for a script that configures a server.</para></example>
/// <seealso cref="SetKmDnsAccountCommand"/>
[Cmdlet(VerbsCommon.Get, "KmSecret")]
[OutputType(typeof(StoredSecret), typeof(SecureString))]
public sealed class GetKmSecretCommand : KmCmdlet
{
    /// <summary>Name, such as dns/cloudflare/ApiToken; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SecretCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "*";

    /// <summary>Only secrets of these: Account, DnsAccount, DomainMapping, DeployTarget, NotificationPolicy, Certificate.</summary>
    [Parameter]
    public SecretKind[] Kind { get; set; } = [];

    /// <summary>Write the secret itself: text, and keys as PEM that is not encrypted.</summary>
    [Parameter]
    public SwitchParameter AsSecureString { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        NamePattern pattern = new(Name);
        StoredSecret? literally = Services.Secrets.Find(Name.Trim());
        if (literally is null && !pattern.HasWildcards)
        {
            throw new NotFoundException(ErrorIds.SecretNotFound, $"There is no stored secret '{Name}'.") { Target = Name, Remedy = "Get-KmSecret lists them, such as dns/cloudflare/ApiToken." };
        }

        IEnumerable<StoredSecret> secrets = literally is null ? Services.Secrets.List(Kind).Where(s => pattern.Matches(s.Name)) : [literally];
        foreach (StoredSecret secret in secrets)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await pipeline.WriteObjectAsync(AsSecureString ? Reveal(secret) : secret).ConfigureAwait(false);
        }
    }

    private SecureString Reveal(StoredSecret secret)
    {
        byte[] value = Services.Secrets.Reveal(secret);
        char[] text = Encoding.UTF8.GetChars(value);
        SecureString revealed = text.ToSecureString();
        Array.Clear(value, 0, value.Length);
        Array.Clear(text, 0, text.Length);
        return revealed;
    }
}
