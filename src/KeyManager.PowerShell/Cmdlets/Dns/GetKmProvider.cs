using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the DNS services that KeyManager knows: what an account needs, the least rights, the settings.</summary>
/// <remarks>Nothing is asked over the network.</remarks>
/// <example><code>Get-KmProvider Cloudflare | Format-List</code><para>Shows what New-KmDnsAccount -Provider Cloudflare takes, and which rights to give.</para></example>
/// <seealso cref="NewKmDnsAccountCommand"/>
[Cmdlet(VerbsCommon.Get, "KmProvider")]
[OutputType(typeof(DnsProviderDescription))]
public sealed class GetKmProviderCommand : KmCmdlet
{
    /// <summary>Name; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(DnsProviderCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    private protected override bool NeedsStore => false;

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        foreach (string name in Name)
        {
            NamePattern pattern = new(name);
            IReadOnlyList<DnsProviderDescription> found = pattern.Select(CompositionRoot.DnsServices, p => p.Name);
            if (found.Count == 0 && !pattern.HasWildcards)
            {
                await pipeline.WriteErrorAsync(new NotFoundException(ErrorIds.DnsProviderNotFound, $"There is no DNS provider '{name}'.")
                {
                    Target = name,
                    Remedy = $"Known are: {string.Join(", ", CompositionRoot.DnsServices.Select(p => p.Name))}.",
                }).ConfigureAwait(false);
            }

            foreach (DnsProviderDescription description in found)
            {
                await pipeline.WriteObjectAsync(description).ConfigureAwait(false);
            }
        }
    }
}
