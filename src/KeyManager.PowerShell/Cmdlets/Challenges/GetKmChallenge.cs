using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the challenges of orders: what the authority wants to see where, and how each stands.</summary>
/// <example><code>Get-KmChallenge www.contoso.com | Format-List Type, Location, Value</code><para>Shows what to publish by hand.</para></example>
/// <seealso cref="InvokeKmChallengeCommand"/>
[Cmdlet(VerbsCommon.Get, "KmChallenge")]
[OutputType(typeof(Challenge))]
public sealed class GetKmChallengeCommand : OrderCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        await WriteAllAsync(pipeline, order.Challenges, cancellationToken).ConfigureAwait(false);
    }
}
