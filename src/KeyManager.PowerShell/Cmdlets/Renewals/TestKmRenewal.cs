using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Tells everything that would stop the next renewal of a certificate: before it is due, and without ordering anything.</summary>
/// <remarks>
/// Looks at the plan, the account with its authority, the charges, the order that would be placed, how the names are proved (CAA, delegation, DNSSEC, port 80, DNS account), the targets that it is deployed to (a
/// file is written there on trial and taken away again), the protectors of the store, and the task that runs Invoke-KmRenewal. The worst comes first; what is Information is as it should be.
/// </remarks>
/// <example><code>Test-KmRenewal www.contoso.com</code><para>Everything about this one.</para></example>
/// <example><code>Get-KmCertificate | Test-KmRenewal | Where-Object Severity -eq Problem</code><para>What will fail, of all.</para></example>
/// <seealso cref="InvokeKmRenewalCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmRenewal")]
[OutputType(typeof(RenewalTest))]
public sealed class TestKmRenewalCommand : CertificateCmdlet
{
    /// <summary>DNS server to ask, address with or without port; None asks those of the machine. Default: the account's setting Resolver, else those of the machine.</summary>
    [Parameter]
    public string? Resolver { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        foreach (RenewalTest test in await Services.ExplainRenewal.RunAsync(certificate.Id, Blank.ToNull(Resolver), new ScriptRunner(this, pipeline), pipeline, cancellationToken).ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(test).ConfigureAwait(false);
        }
    }
}
