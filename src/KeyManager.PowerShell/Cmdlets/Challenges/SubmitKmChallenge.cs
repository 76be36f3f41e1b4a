using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Tells the authority that the proof of orders is published, and asks once how they stand.</summary>
/// <remarks>A proof that the authority does not find fails the order: look with Test-KmChallenge first. Then Invoke-KmChallenge -AlreadyPublished finishes the order.</remarks>
/// <example><code>Submit-KmChallenge www.contoso.com</code><para>The authority looks now.</para></example>
/// <seealso cref="TestKmChallengeCommand"/>
/// <seealso cref="InvokeKmChallengeCommand"/>
[Cmdlet(VerbsLifecycle.Submit, "KmChallenge", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class SubmitKmChallengeCommand : OrderCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(order.ToString(), $"Tell {order.Authority} that the proof is published").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(await Services.Challenges.SubmitAsync(order.Id, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
