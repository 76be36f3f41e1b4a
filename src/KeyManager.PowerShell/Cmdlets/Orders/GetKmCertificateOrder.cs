using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Gets certificate orders, newest first.</summary>
/// <remarks>It shows what is stored; to ask the authority use Sync-KmCertificateOrder.</remarks>
/// <example><code>Get-KmCertificateOrder -Status Failed, Rejected</code><para>Shows what went wrong; ErrorDetail says why.</para></example>
/// <example><code>Get-KmCertificateOrder www.contoso.com | Select-Object -First 1 | Format-List</code><para>Shows the newest order of an entry in full.</para></example>
/// <seealso cref="SyncKmCertificateOrderCommand"/>
[Cmdlet(VerbsCommon.Get, "KmCertificateOrder")]
[OutputType(typeof(CertificateOrder))]
public sealed class GetKmCertificateOrderCommand : LabelFilterCmdlet
{
    /// <summary>Name of the entry, wildcards are allowed, or the id of an order.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OrderCompleter))]
    [SupportsWildcards]
    [Alias("Id", "OrderId")]
    public string[] Name { get; set; } = [];

    /// <summary>A domain name of the order, exactly.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DomainNameCompleter))]
    public string? DomainName { get; set; }

    /// <summary>Only those in one of these states.</summary>
    [Parameter]
    public OrderStatus[] Status { get; set; } = [];

    /// <summary>Only those of this account.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public AccountReference? Account { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        OrderQuery filter = new()
        {
            DomainName = DomainName is null ? null : KeyManager.DomainName.Parse(DomainName).Ascii,
            Status = Status,
            AccountId = Account is null ? null : Services.Inventory.ResolveAccount(Account.Text).Id,
            Labels = Labels,
        };
        if (Name.Length == 0)
        {
            await WriteAllAsync(pipeline, Services.Store.Stream(filter), cancellationToken).ConfigureAwait(false);
        }

        foreach (string name in Name)
        {
            try
            {
                await WriteAllAsync(pipeline, Named(name, filter), cancellationToken).ConfigureAwait(false);
            }
            catch (NotFoundException error)
            {
                await pipeline.WriteErrorAsync(error, name).ConfigureAwait(false);
            }
        }
    }

    private IEnumerable<CertificateOrder> Named(string name, OrderQuery filter)
    {
        if (Services.Store.Read(session => session.Orders.Find(name)) is CertificateOrder byId)
        {
            return [byId];
        }

        NamePattern pattern = new(name);
        bool literal = Services.Store.Stream(filter with { Name = name }).Any(o => pattern.IsLiterally(o.Name));
        if (literal || pattern.HasWildcards)
        {
            return Services.Store.Stream(filter with { Name = name }).Where(o => literal ? pattern.IsLiterally(o.Name) : pattern.Matches(o.Name));
        }

        // Nothing fits the other conditions: not an error. No order of that name at all: one.
        _ = Services.Inventory.ResolveOrder(name);
        return [];
    }
}
