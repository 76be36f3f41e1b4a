using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that do something to accounts, one after the other; one that fails does not stop the others.</summary>
public abstract class AccountCmdlet : KmCmdlet
{
    /// <summary>The account: its name, the object, or its id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(AccountCompleter))]
    [Alias("Name", "Id")]
    public AccountReference[] Account { get; set; } = [];

    protected sealed override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(
        pipeline, Account, Account.Length > 1, reference => ProcessAsync(pipeline, Services.Inventory.ResolveAccount(reference.Text), cancellationToken));

    /// <summary>Does it to one account.</summary>
    protected abstract Task ProcessAsync(IPipeline pipeline, AuthorityAccount account, CancellationToken cancellationToken);
}
