using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that do something to orders, one after the other; one that fails does not stop the others.</summary>
public abstract class OrderCmdlet : KmCmdlet
{
    /// <summary>The order: the object, its id, or the name of its entry (the newest order is meant).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(OrderCompleter))]
    [Alias("Id", "OrderId")]
    public OrderReference[] Order { get; set; } = [];

    protected sealed override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(
        pipeline, Order, Order.Length > 1, reference => ProcessAsync(pipeline, Services.Inventory.ResolveOrder(reference.Text), cancellationToken));

    /// <summary>Does it to one order.</summary>
    protected abstract Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken);
}
