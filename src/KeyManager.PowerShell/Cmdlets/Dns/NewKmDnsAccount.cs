using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Stores an account with a DNS service, which then publishes the records that prove control of names.</summary>
/// <remarks>
/// What an account needs depends on the service: after -Provider its settings are parameters of their own, which Tab completes; Get-KmProvider lists them with the least rights.
/// Secrets are taken as SecureString and stored encrypted. The service is not asked, Test-KmDnsAccount does that; but for acme-dns, which makes the credentials itself where none are given.
/// An order uses the account that it names with -DnsAccount, else the one that the mapping of the domain names (Set-KmDomainMapping), else the one whose zones hold the name.
/// </remarks>
/// <example><code>New-KmDnsAccount bind -Provider Rfc2136 -Server ns1.contoso.com -KeyName acme-key -KeySecret (Read-Host -AsSecureString)</code><para>A name server of your own that takes updates signed with a TSIG key.</para></example>
/// <example><code>New-KmDnsAccount bind -Provider Rfc2136 -Server 192.0.2.1:53 -KeyPath ./acme.key</code><para>The same with a key file of BIND.</para></example>
/// <seealso cref="GetKmProviderCommand"/>
/// <seealso cref="TestKmDnsAccountCommand"/>
/// <seealso cref="SetKmDomainMappingCommand"/>
[Cmdlet(VerbsCommon.New, "KmDnsAccount", SupportsShouldProcess = true)]
[OutputType(typeof(DnsAccount))]
public sealed class NewKmDnsAccountCommand : KmCmdlet, IDynamicParameters
{
    private SettingParameters? _parameters;

    /// <summary>Name of the account, unique in the store.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The DNS service; see Get-KmProvider.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(DnsProviderCompleter))]
    [ValidateNotNullOrEmpty]
    public string Provider { get; set; } = "";

    /// <summary>Settings by name, where they come from a table; Get-KmProvider lists them. Secrets have parameters of their own.</summary>
    [Parameter]
    public Hashtable? Setting { get; set; }

    /// <summary>Store it switched off; Enable-KmDnsAccount switches it on.</summary>
    [Parameter]
    public SwitchParameter Disabled { get; set; }

    private DnsProviderDescription? About => CompositionRoot.DnsServices.FirstOrDefault(p => string.Equals(p.Name, Provider?.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>The settings of the service that -Provider names.</summary>
    public object? GetDynamicParameters() => (_parameters = About is DnsProviderDescription about ? new SettingParameters(about.Settings) : null)?.Parameters;

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        DnsProviderDescription about = About ?? throw new NotFoundException(ErrorIds.DnsProviderNotFound, $"There is no DNS provider '{Provider}'.")
        {
            Target = Provider,
            Remedy = $"Known are: {string.Join(", ", CompositionRoot.DnsServices.Select(p => p.Name))}. Get-KmProvider tells more.",
        };
        using GivenSettings given = await GivenAsync(pipeline, Setting, _parameters).ConfigureAwait(false);
        if (await pipeline.ShouldProcessAsync(Name, $"Store a DNS account with {about.Title}").ConfigureAwait(false))
        {
            DnsAccountRequest request = new() { Name = Name.Trim(), Provider = about.Name, Settings = given.Settings, Secrets = given.Secrets, Enabled = !Disabled };
            await pipeline.WriteObjectAsync(await Services.DnsAccounts.AddAsync(request, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
