using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Changes settings and secrets of DNS accounts; what is not named stays.</summary>
/// <remarks>The parameters are those of New-KmDnsAccount for the account's service. An empty value takes a setting back to its default; to give up one kind of credentials for another, name both.</remarks>
/// <example><code>Set-KmDnsAccount bind -KeySecret (Read-Host -AsSecureString)</code><para>A new secret for the same key.</para></example>
/// <example><code>Set-KmDnsAccount cf -Setting @{ PropagationMaximum = 600 }</code><para>Waits up to ten minutes for records.</para></example>
/// <seealso cref="GetKmDnsAccountCommand"/>
[Cmdlet(VerbsCommon.Set, "KmDnsAccount", SupportsShouldProcess = true)]
[OutputType(typeof(DnsAccount))]
public sealed class SetKmDnsAccountCommand : DnsAccountCmdlet, IDynamicParameters
{
    private SettingParameters? _parameters;

    /// <summary>Settings by name, where they come from a table; Get-KmProvider lists them. Secrets have parameters of their own.</summary>
    [Parameter]
    public Hashtable? Setting { get; set; }

    /// <summary>The settings of the account's service; of all services as long as no account is known, as in a pipeline.</summary>
    public object? GetDynamicParameters()
    {
        IReadOnlyList<DnsProviderDescription> services = CompositionRoot.DnsServices;
        string? provider = DnsAccount.Length == 1 ? Peek(s => s.DnsAccounts.Resolve(DnsAccount[0].Text).Provider) : null;
        _parameters = new SettingParameters(services.Where(s => provider is null || s.Name == provider).SelectMany(s => s.Settings));
        return _parameters.Parameters;
    }

    protected override async Task ProcessAsync(IPipeline pipeline, DnsAccount account, CancellationToken cancellationToken)
    {
        using GivenSettings given = await GivenAsync(pipeline, Setting, _parameters).ConfigureAwait(false);
        if (given.IsEmpty)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"Nothing is named that should change in the DNS account {account}.")
            {
                Target = account.Name,
                Remedy = $"Name settings; Get-KmProvider {account.Provider} lists them.",
            };
        }

        if (await pipeline.ShouldProcessAsync(account.ToString(), $"Change {string.Join(", ", given.Settings.Keys.Concat(given.Secrets.Keys))} of the DNS account").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.DnsAccounts.Update(account.Id, given.Settings, given.Secrets, pipeline)).ConfigureAwait(false);
        }
    }
}
