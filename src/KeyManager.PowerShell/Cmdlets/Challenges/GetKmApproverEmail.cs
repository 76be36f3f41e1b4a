using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the addresses to which the mail that proves control of a name may go.</summary>
/// <remarks>
/// The authority is asked, since what it accepts depends on the product. Five constructed addresses at the domain are allowed everywhere: admin, administrator, webmaster,
/// hostmaster and postmaster. Public authorities must not accept proof by e-mail from 2028-03-15 on.
/// </remarks>
/// <example><code>Get-KmApproverEmail www.contoso.com -Product positivessl</code><para>Asks the authority of the default account.</para></example>
/// <example><code>Get-KmApproverEmail www.contoso.com -Constructed</code><para>The constructed addresses, without asking anybody.</para></example>
/// <seealso cref="SendKmChallengeEmailCommand"/>
[Cmdlet(VerbsCommon.Get, "KmApproverEmail", DefaultParameterSetName = "Authority")]
[OutputType(typeof(ApproverEmail))]
public sealed class GetKmApproverEmailCommand : KmCmdlet
{
    /// <summary>The names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] DomainName { get; set; } = [];

    /// <summary>The product that is to be ordered.</summary>
    [Parameter(Position = 1, ParameterSetName = "Authority", ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProductCompleter))]
    public ProductReference? Product { get; set; }

    /// <summary>The account; default: the default account.</summary>
    [Parameter(ParameterSetName = "Authority", ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public AccountReference? Account { get; set; }

    /// <summary>Only the five addresses that are allowed everywhere, without asking.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Constructed")]
    public SwitchParameter Constructed { get; set; }

    private protected override bool NeedsStore => !Constructed;

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(pipeline, DomainName, DomainName.Length > 1, async text =>
    {
        DomainName name = KeyManager.DomainName.Parse(text);
        IReadOnlyList<ApproverEmail> found;
        if (Constructed)
        {
            found = ApproverEmail.Construct(name);
        }
        else
        {
            await Services.Directory.PrepareAsync(Account?.Text, pipeline, cancellationToken).ConfigureAwait(false);
            found = await Services.Approvers.ListAsync(Account?.Text, Blank.ToNull(Product?.Text), name, pipeline, cancellationToken).ConfigureAwait(false);
        }

        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    });
}
