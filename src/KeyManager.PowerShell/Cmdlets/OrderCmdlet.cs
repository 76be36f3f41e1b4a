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

    protected sealed override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        foreach (OrderReference reference in Order)
        {
            try
            {
                await ProcessAsync(pipeline, Services.Inventory.ResolveOrder(reference.Text), cancellationToken).ConfigureAwait(false);
            }
            catch (KeyManagerException error) when (Order.Length > 1 && !ErrorMapping.EndsCommand(error, true))
            {
                await pipeline.WriteErrorAsync(error).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Does it to one order.</summary>
    protected abstract Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken);
}
