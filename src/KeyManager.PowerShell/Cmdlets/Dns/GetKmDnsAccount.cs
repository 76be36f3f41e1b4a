using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the accounts with DNS services. Their secrets are never shown.</summary>
/// <example><code>Get-KmDnsAccount</code><para>Lists all DNS accounts.</para></example>
/// <example><code>Get-KmDnsAccount -Provider Cloudflare | Test-KmDnsAccount -DomainName contoso.com</code><para>Tries out all accounts with one service.</para></example>
/// <seealso cref="NewKmDnsAccountCommand"/>
[Cmdlet(VerbsCommon.Get, "KmDnsAccount")]
[OutputType(typeof(DnsAccount))]
public sealed class GetKmDnsAccountCommand : KmCmdlet
{
    /// <summary>Name, wildcards are allowed, or id.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(DnsAccountCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only those with this service.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DnsProviderCompleter))]
    public string? Provider { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<DnsAccount> found = await FindNamedAsync(pipeline, Name, Services.DnsAccounts.List(), a => [a.Name, a.Id],
            name => throw new NotFoundException(ErrorIds.DnsAccountNotFound, $"There is no DNS account '{name}'.") { Target = name, Remedy = "New-KmDnsAccount makes one." }).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found.Where(a => Provider is null || string.Equals(a.Provider, Provider, StringComparison.OrdinalIgnoreCase)), cancellationToken).ConfigureAwait(false);
    }
}
