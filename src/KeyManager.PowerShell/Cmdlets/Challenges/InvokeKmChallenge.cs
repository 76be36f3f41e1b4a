using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Completes orders: publishes the proof, tells the authority, waits, collects the certificate, saves it, and deploys it where it belongs.</summary>
/// <remarks>
/// Takes an order from wherever it stands, also where an earlier command was interrupted. What was published is taken away again in every case.
/// An authority that asks for no proof is asked to issue at once. A saved certificate goes to the targets that the order names, else to those that its domains are mapped to; a target
/// that fails is an error of its own, and the certificate stays saved.
/// </remarks>
/// <example><code>New-KmCertificateOrder www.contoso.com | Invoke-KmChallenge</code><para>Orders, proves and saves in one line.</para></example>
/// <example><code>Get-KmCertificateOrder -Status PendingValidation | Invoke-KmChallenge -AlreadyPublished</code><para>Goes on after you have published the challenges by hand.</para></example>
/// <seealso cref="GetKmChallengeCommand"/>
[Cmdlet(VerbsLifecycle.Invoke, "KmChallenge", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class InvokeKmChallengeCommand : OrderCmdlet
{
    /// <summary>Leave the certificate with its order (state Available or Renewed) until Save-KmCertificate.</summary>
    [Parameter]
    public SwitchParameter NoSave { get; set; }

    /// <summary>The challenges are published already; do not publish, only tell the authority.</summary>
    [Parameter]
    public SwitchParameter AlreadyPublished { get; set; }

    /// <summary>Show what to publish, and wait until it can be seen, at most for -Timeout; then go on.</summary>
    [Parameter]
    public SwitchParameter Manual { get; set; }

    /// <summary>DNS server to ask whether published TXT records are there, address with or without port; None does not look. Default: the account's setting Resolver, else the servers of the zone.</summary>
    [Parameter]
    public string? Resolver { get; set; }

    /// <summary>Longest time to wait for the authority; default 5 minutes. An order that takes longer stays open.</summary>
    [Parameter]
    public System.TimeSpan Timeout { get; set; } = System.TimeSpan.FromMinutes(5);

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(order.ToString(), $"Prove control of the names and collect the certificate from {order.Authority}").ConfigureAwait(false))
        {
            CertificateOrder completed = await Services.CompleteOrder.RunAsync(
                order.Id,
                new Operations.CompleteOrderOptions { Save = !NoSave, AlreadyPublished = AlreadyPublished, Manual = Manual, Timeout = Timeout, Resolver = Blank.ToNull(Resolver), Scripts = new ScriptRunner(this, pipeline) },
                pipeline,
                cancellationToken).ConfigureAwait(false);
            await pipeline.WriteObjectAsync(completed).ConfigureAwait(false);
            await DeploymentReport.AfterIssueAsync(Services, completed, pipeline, new ScriptRunner(this, pipeline), cancellationToken).ConfigureAwait(false);
        }
    }
}
