using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that do something to DNS accounts, one after the other; one that fails does not stop the others.</summary>
public abstract class DnsAccountCmdlet : KmCmdlet
{
    /// <summary>The DNS account: its name, the object, or its id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(DnsAccountCompleter))]
    [Alias("Name", "Id")]
    public DnsAccountReference[] DnsAccount { get; set; } = [];

    protected sealed override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(
        pipeline, DnsAccount, DnsAccount.Length > 1, reference => ProcessAsync(pipeline, Services.DnsAccounts.Resolve(reference.Text), cancellationToken));

    /// <summary>Does it to one account.</summary>
    protected abstract Task ProcessAsync(IPipeline pipeline, DnsAccount account, CancellationToken cancellationToken);
}
