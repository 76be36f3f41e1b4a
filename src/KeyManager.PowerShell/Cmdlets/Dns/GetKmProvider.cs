using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Dns;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the DNS services and the kinds of deployment target that KeyManager knows: what they need, the settings, rights.</summary>
/// <remarks>Nothing is asked over the network.</remarks>
/// <example><code>Get-KmProvider Cloudflare | Format-List</code><para>Shows what New-KmDnsAccount -Provider Cloudflare takes, and which rights to give.</para></example>
/// <example><code>(Get-KmProvider Ssh).Settings | Format-Table Name, Default, Description -Wrap</code><para>The settings of a target that is reached by SSH.</para></example>
/// <seealso cref="NewKmDnsAccountCommand"/>
/// <seealso cref="NewKmDeployTargetCommand"/>
[Cmdlet(VerbsCommon.Get, "KmProvider")]
[OutputType(typeof(DnsProviderDescription), typeof(DeployKindDescription))]
public sealed class GetKmProviderCommand : KmCmdlet
{
    /// <summary>Name; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ProviderCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    private protected override bool NeedsStore => false;

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        List<ProviderDescription> all = [.. CompositionRoot.DnsServices, .. CompositionRoot.DeployKinds];
        IReadOnlyList<ProviderDescription> found = await FindNamedAsync(pipeline, Name, all, p => [p.Name],
            name => throw new NotFoundException(ErrorIds.DnsProviderNotFound, $"There is no DNS service and no kind of target '{name}'.") { Target = name, Remedy = $"Known are: {string.Join(", ", all.Select(p => p.Name))}." }).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }
}
