using System.Collections;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Changes accounts: name, contacts, settings, and which one is the default.</summary>
/// <example><code>Set-KmAccount private -Setting @{ ValidityDays = 47 } -Default</code><para>Shorter certificates from now on, and the account that orders use.</para></example>
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

    /// <summary>Make it the account that orders use when none is named.</summary>
    [Parameter]
    public SwitchParameter Default { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, AuthorityAccount account, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(account.ToString(), "Change account").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(await Services.ChangeAccount.UpdateAsync(
                account.Id,
                NewName,
                Contact is null ? null : MailAddresses.Check(Contact),
                Setting is null ? null : SettingTable.ToDictionary(Setting),
                Default,
                pipeline,
                cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
