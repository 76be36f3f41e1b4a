using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets fresh challenges for orders whose proof failed or ran out ("New challenge").</summary>
/// <remarks>The order is placed again at the authority under the same local order, with the same key and request. Then Invoke-KmChallenge tries again.</remarks>
/// <example><code>Get-KmCertificateOrder -Status Failed | New-KmChallenge | Invoke-KmChallenge</code><para>Tries all failed orders once more.</para></example>
/// <seealso cref="InvokeKmChallengeCommand"/>
[Cmdlet(VerbsCommon.New, "KmChallenge", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class NewKmChallengeCommand : OrderCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(order.ToString(), $"Get fresh challenges from {order.Authority}").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(await Services.RenewChallenges.RunAsync(order.Id, new ScriptRunner(this, pipeline), pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
