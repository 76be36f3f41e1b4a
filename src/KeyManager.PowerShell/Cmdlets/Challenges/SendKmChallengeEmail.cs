using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Has the authority send the mails that prove control again, to other addresses where they are given.</summary>
/// <example><code>Send-KmChallengeEmail www.contoso.com</code><para>Sends the mail of the newest order of this entry again.</para></example>
/// <example><code>Send-KmChallengeEmail www.contoso.com -ApproverEmail hostmaster@contoso.com</code><para>Somebody else shall approve.</para></example>
/// <seealso cref="GetKmApproverEmailCommand"/>
[Cmdlet(VerbsCommunications.Send, "KmChallengeEmail", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class SendKmChallengeEmailCommand : OrderCmdlet
{
    /// <summary>Only the mail for this name; default: all that are awaited.</summary>
    [Parameter]
    public string? DomainName { get; set; }

    /// <summary>The address that approves from now on; default: the one that did so far.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ApproverEmail { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        DomainName? name = Blank.ToNull(DomainName) is string text ? KeyManager.DomainName.Parse(text) : null;
        string? address = ApproverEmail is null ? null : MailAddresses.Check([ApproverEmail.Trim()])[0];
        if (await pipeline.ShouldProcessAsync(order.ToString(), $"Send the mail{(name is null ? "s" : $" for {name}")} again{(address is null ? "" : $", to {address}")}").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(await Services.Approvers.SendAsync(order.Id, name, address, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
