using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Takes away the proof of orders that was published from here.</summary>
/// <example><code>Unpublish-KmChallenge www.contoso.com</code><para>Takes away exactly what Publish-KmChallenge has published.</para></example>
/// <seealso cref="PublishKmChallengeCommand"/>
[Cmdlet(VerbsData.Unpublish, "KmChallenge", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class UnpublishKmChallengeCommand : OrderCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(order.ToString(), "Take the published proof away").ConfigureAwait(false))
        {
            await Services.Challenges.UnpublishAsync(order.Id, new ScriptRunner(this, pipeline), pipeline).ConfigureAwait(false);
        }
    }
}
