using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Imports the orders that an account has at its authority, with their certificates.</summary>
/// <remarks>
/// Orders that were placed elsewhere, and those that were removed here, come into the store and the inventory, without private keys. Each page is stored at once; an import that
/// was interrupted goes on where it was. Importing again changes only what has changed at the authority.
/// </remarks>
/// <example><code>Import-KmCertificateOrder -Account store1 -Exclude Expired, Revoked, Rejected</code><para>Imports all orders, and the certificates that are good.</para></example>
/// <example><code>Import-KmCertificateOrder -Account store1 -OrderId 7000123</code><para>Takes one order back that was removed here.</para></example>
/// <seealso cref="SyncKmCertificateOrderCommand"/>
/// <seealso cref="RequestKmCertificateReissueCommand"/>
[Cmdlet(VerbsData.Import, "KmCertificateOrder", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class ImportKmCertificateOrderCommand : LabelAddingCmdlet
{
    /// <summary>The account; default: the default account.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public AccountReference? Account { get; set; }

    /// <summary>Only these orders, by the authority's numbers (AuthorityOrderId).</summary>
    [Parameter]
    public string[] OrderId { get; set; } = [];

    /// <summary>Leave out the certificates of orders that are Expired, Revoked or Rejected; the orders themselves are imported in any case.</summary>
    [Parameter]
    [ValidateSet("Expired", "Revoked", "Rejected")]
    public string[] Exclude { get; set; } = [];

    /// <summary>Begin with the first order also where an import was interrupted.</summary>
    [Parameter]
    public SwitchParameter FromStart { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        AuthorityAccount account = Services.Inventory.ResolveAccount(Blank.ToNull(Account?.Text));
        string what = OrderId.Length == 0 ? "Import all orders" : $"Import {(OrderId.Length == 1 ? "order" : "orders")} {string.Join(", ", OrderId)}";
        if (!await pipeline.ShouldProcessAsync(account.ToString(), what).ConfigureAwait(false))
        {
            return;
        }

        ImportOptions options = new()
        {
            Account = account.Id,
            AuthorityOrderIds = [.. OrderId.Select(id => id.Trim()).Where(id => id.Length > 0)],
            Exclude = [.. Exclude.Select(e => (OrderStatus)System.Enum.Parse(typeof(OrderStatus), e, ignoreCase: true))],
            FromStart = FromStart,
            Labels = Labels,
        };
        await Services.ImportOrders.RunAsync(options, pipeline.WriteObjectAsync, pipeline, cancellationToken).ConfigureAwait(false);
    }
}
