using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes the mapping of domains. Accounts and records are not touched.</summary>
/// <example><code>Remove-KmDomainMapping contoso.com</code><para>From now on the account whose zones hold the name is used.</para></example>
/// <seealso cref="SetKmDomainMappingCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmDomainMapping", SupportsShouldProcess = true)]
public sealed class RemoveKmDomainMappingCommand : KmCmdlet
{
    /// <summary>The domain as it is mapped.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(DomainMappingCompleter))]
    public string[] DomainName { get; set; } = [];

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(pipeline, DomainName, DomainName.Length > 1, async domain =>
    {
        DomainMapping mapping = Services.DomainMappings.Resolve(domain);
        if (await pipeline.ShouldProcessAsync(mapping.DomainName, "Remove the mapping of the domain").ConfigureAwait(false))
        {
            Services.DomainMappings.Remove(mapping.Id);
        }
    });
}
