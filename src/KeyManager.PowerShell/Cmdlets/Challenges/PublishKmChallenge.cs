using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Publishes the proof of orders, and leaves it published.</summary>
/// <remarks>The first of the steps that Invoke-KmChallenge does in one go: publish, test, submit, wait, take away. Use it where you want to look in between.</remarks>
/// <example><code>Publish-KmChallenge www.contoso.com; Test-KmChallenge www.contoso.com</code><para>Publishes the proof, then looks whether it can be seen.</para></example>
/// <seealso cref="TestKmChallengeCommand"/>
/// <seealso cref="SubmitKmChallengeCommand"/>
/// <seealso cref="UnpublishKmChallengeCommand"/>
[Cmdlet(VerbsData.Publish, "KmChallenge", SupportsShouldProcess = true)]
[OutputType(typeof(Challenge))]
public sealed class PublishKmChallengeCommand : OrderCmdlet
{
    /// <summary>DNS server to ask whether published TXT records are there, address with or without port; None does not look. Default: the account's setting Resolver, else the servers of the zone.</summary>
    [Parameter]
    public string? Resolver { get; set; }

    /// <summary>Longest time to wait until it can be seen, where that is looked at; default 5 minutes.</summary>
    [Parameter]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (!await pipeline.ShouldProcessAsync(order.ToString(), "Publish the proof").ConfigureAwait(false))
        {
            return;
        }

        CompleteOrderOptions options = new() { Timeout = Timeout, Resolver = Blank.ToNull(Resolver), Scripts = new ScriptRunner(this, pipeline) };
        foreach (Challenge challenge in await Services.Challenges.PublishAsync(order.Id, options, pipeline, cancellationToken).ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(challenge).ConfigureAwait(false);
        }
    }
}
